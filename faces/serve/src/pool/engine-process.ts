import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime/errors";
import { nodeArguments } from "@attend/runtime/program";
import { HttpError } from "../http-error.ts";
import type { Failure, FromWorker, ToWorker } from "../worker/protocol.ts";
import type { Request, Waiting } from "./request.ts";

/** How long an engine process keeps what nobody needs. */
export interface Patience {
  /** It forgets a model that was not used for so long, and ends when it has none left. */
  readonly idleSeconds: number;
  /** It is killed if it works for longer than this on what nobody waits for anymore; default 15. */
  readonly graceSeconds?: number;
}

/** A child process in which models run; it does one job at a time. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #graceSeconds: number;
  readonly #onFree: () => void;
  #models: readonly string[] = [];
  #job = 0;
  /** Who waits for the inputs of the job; undefined for those that have an outcome. */
  #batch: (Waiting | undefined)[] | undefined;
  #hasEnded = false;

  /** @param onFree called when a job has ended, or the process has, which has no pid from then on */
  constructor(program: URL, { idleSeconds, graceSeconds = 15 }: Patience, onFree: () => void) {
    const args = [...nodeArguments(fileURLToPath(program)), String(idleSeconds)];
    this.#child = spawn(process.execPath, args, {
      serialization: "advanced",
      stdio: ["inherit", "inherit", "inherit", "ipc"],
    });
    this.#graceSeconds = graceSeconds;
    this.#onFree = onFree;
    this.#child.on("message", (message: FromWorker) => this.#hear(message));
    this.#child.on("exit", (code, signal) => this.#end(signal ?? `code ${code}`));
    this.#child.on("error", ({ message }) => this.#end(message));
  }

  /** Of the process, while it runs. */
  get pid(): number | undefined {
    return this.#hasEnded ? undefined : this.#child.pid;
  }

  get isBusy(): boolean {
    return this.#batch !== undefined;
  }

  /** Names of the models that it has loaded, see `modelOf`. */
  get models(): readonly string[] {
    return this.#models;
  }

  /** Starts a job; whoever waits is told an outcome, whatever happens. */
  start({ task, model, options }: Request, batch: readonly Waiting[]): void {
    const job = ++this.#job;
    this.#batch = [...batch];
    const inputs = batch.map(({ request }) => request.input).filter((input) => input !== undefined);
    this.#send({ job, task, model, options, inputs });
    for (const { signal } of batch) {
      signal.addEventListener("abort", () => this.#cancelUnwanted(job), { once: true });
    }
  }

  /** Ends the process at once; its job fails. */
  kill(): void {
    this.#child.kill("SIGKILL");
    this.#end("SIGKILL");
  }

  #send(message: ToWorker): void {
    // If it is dead, its exit tells why.
    this.#child.send(message, () => {});
  }

  #cancelUnwanted(job: number): void {
    const isWanted = this.#batch?.some((each) => each?.signal.aborted === false);
    if (job !== this.#job || isWanted !== false) return;
    this.#send({ cancel: job });
    const killIfStuck = () => {
      if (job === this.#job && this.isBusy) this.kill();
    };
    setTimeout(killIfStuck, 1000 * this.#graceSeconds).unref();
  }

  #hear(message: FromWorker): void {
    if ("models" in message) {
      this.#models = message.models;
      const isIdle = this.#job > 0 && !this.isBusy && message.models.length === 0;
      if (isIdle) this.kill();
    } else if ("end" in message) {
      if (message.end === undefined) this.#tellLoaded();
      this.#finish(errorOf(message.end ?? { message: "an input has no outcome" }));
    } else {
      const waiting = this.#batch?.[message.at];
      if ("event" in message) waiting?.onEvent(message.event);
      else if ("output" in message) waiting?.onOutput(message.output);
      else waiting?.onFailure(errorOf(message.failure));
      if (this.#batch && !("event" in message)) this.#batch[message.at] = undefined;
    }
  }

  #tellLoaded(): void {
    for (const waiting of this.#batch ?? []) {
      if (waiting?.request.input === undefined) waiting?.onOutput(undefined);
    }
  }

  #end(how: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const message = `the engine's process ended (${how}); send the request again`;
    this.#finish(new HttpError(503, "ENGINE_ENDED", message, { retryAfter: 1 }));
  }

  #finish(error: Error): void {
    const left = this.#batch ?? [];
    this.#batch = undefined;
    for (const waiting of left) waiting?.onFailure(error);
    this.#onFree();
  }
}

function errorOf({ code, message }: Failure): Error {
  return code === undefined ? new Error(message) : new AttendError(code, message);
}
