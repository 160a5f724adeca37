import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { nodeArguments } from "@attend/runtime/program";
import { z } from "zod";
import { interrupted } from "./interrupted.ts";
import { endOf, endWithUs } from "./processes.ts";

const replySchema = z.union([
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ error: z.string() }),
]);

/** Where {@link EngineProcess} finds its program, and what it is told. */
export interface EngineProcessOptions {
  /** Names the engine in errors. */
  readonly name: string;
  /** A program that calls `serve`. */
  readonly program: URL;
  /** JSON that the program gets on its start. */
  readonly settings: unknown;
}

/**
 * An engine in a process of its own: if it dies, or is stopped in the middle of a computation, this process goes on. It
 * starts at once, so that it is loaded by the time it is asked; and again with the first request after its death.
 */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: ChildProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#child = this.#start();
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Sends a request, after those before it are answered.
   *
   * @param request a structured clone is sent; samples as a Float32Array
   * @param schema of the reply
   * @throws AttendError INTERRUPTED if `signal` is aborted: the process is killed; ENGINE_FAILED if the process dies or
   *   reports an error; BAD_ARGUMENT after `close`
   */
  request<Schema extends z.ZodType>(
    request: unknown,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const answer = this.#turn.then(async () => {
      const reply = replySchema.parse(await this.#exchange(request, signal));
      if ("error" in reply) throw this.#failure(reply.error);
      return schema.parse(reply.result);
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** Kills the process; a request that is not answered fails. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#kill();
  }

  async #exchange(request: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) throw interrupted();
    if (this.#closing.signal.aborted) throw closed(this.#options.name);
    this.#child ??= this.#start();
    const child = this.#child;
    // Only a process that is at work keeps this one alive.
    child.ref();
    child.channel?.ref();
    let stopListening = () => {};
    try {
      return await new Promise<unknown>((resolve, reject) => {
        const abort = () => reject(interrupted());
        const close = () => reject(closed(this.#options.name));
        const events = {
          message: resolve,
          error: (error: Error) => reject(this.#failure(messageOf(error))),
          exit: (code: number | null, by: NodeJS.Signals | null) =>
            reject(
              by === "SIGINT" ? interrupted() : this.#failure(`its process ${endOf(code, by)}`),
            ),
        };
        signal?.addEventListener("abort", abort);
        this.#closing.signal.addEventListener("abort", close);
        for (const [name, listener] of Object.entries(events)) child.once(name, listener);
        stopListening = () => {
          signal?.removeEventListener("abort", abort);
          this.#closing.signal.removeEventListener("abort", close);
          for (const [name, listener] of Object.entries(events)) child.off(name, listener);
        };
        child.send({ request }, (error) => {
          // If the process is dead, its exit tells why.
          if (error !== null && child.exitCode === null) reject(this.#failure(messageOf(error)));
        });
      });
    } catch (thrown) {
      await this.#kill();
      throw thrown;
    } finally {
      stopListening();
      child.unref();
      child.channel?.unref();
    }
  }

  #start(): ChildProcess {
    const { program, settings } = this.#options;
    const args = [...nodeArguments(fileURLToPath(program)), JSON.stringify(settings)];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, NODE_OPTIONS: "" },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    endWithUs(child);
    child.unref();
    child.channel?.unref();
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (child.pid === undefined) return; // It did not start.
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.kill("SIGKILL");
    await ended;
  }

  #failure(cause: string): AttendError {
    const message = `${this.#options.name} failed: ${cause}; try again, or use another engine`;
    return new AttendError("ENGINE_FAILED", message);
  }
}

function closed(name: string): AttendError {
  return new AttendError("BAD_ARGUMENT", `${name} is closed; load it again`);
}
