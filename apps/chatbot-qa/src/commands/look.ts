import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { z } from "zod";
import type { Reply } from "../responder.ts";

const program = "attend-vqa";
const rowSchema = z.object({ answer: z.string(), probability: z.number(), confident: z.boolean() });

/** What waits for the next line of the program. */
interface Waiting {
  resolve(line: string): void;
  reject(error: AttendError): void;
}

/**
 * Questions about a photo, answered by the program `attend-vqa` if it is installed. No app imports another, and a photo
 * takes an image encoder that nobody else needs: so it is another process, asked line by line.
 */
export class Look {
  readonly photo: string;
  readonly #child: ChildProcessWithoutNullStreams;
  #waiting: Waiting | undefined;
  #failure: AttendError | undefined;

  /** @param model the folder of a model; default: the one that is shipped with the program, if there is one */
  constructor(photo: string, model: string | undefined) {
    this.photo = photo;
    const flags = model === undefined ? [] : ["--model", model];
    this.#child = spawn(program, [photo, "--json", "--n-best", "1", "--quiet", ...flags]);
    this.#child.on("error", (error) => this.#fail(startError(error)));
    this.#child.on("close", () => this.#fail(this.#failure ?? ended()));
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) =>
      this.#waiting?.resolve(line),
    );
    createInterface({ input: this.#child.stderr }).on("line", (line) => {
      const [, message] = /^error: (.*)$/.exec(line) ?? [];
      if (message === undefined) return;
      this.#failure = new AttendError("BAD_IMAGE", message);
      this.#waiting?.reject(this.#failure);
    });
  }

  /**
   * Answers a question about the photo. Ask one at a time.
   *
   * @throws AttendError FILE_NOT_FOUND if the program is not installed; BAD_IMAGE with its message if it fails
   */
  async ask(question: string): Promise<Reply> {
    if (this.#child.exitCode !== null) throw this.#failure ?? ended();
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.stdin.write(`${question}\n`);
    }).finally(() => {
      this.#waiting = undefined;
    });
    const { answer, probability, confident } = rowSchema.parse(JSON.parse(line));
    const why = `${this.photo}, as ${program} sees it`;
    const source = { text: this.photo };
    return { question, answer, confidence: probability, confident, source, why };
  }

  /** Ends the program. */
  close(): void {
    this.#child.kill();
  }

  #fail(error: AttendError): void {
    this.#failure = error;
    this.#waiting?.reject(error);
  }
}

function startError(error: Error): AttendError {
  const isAbsent = systemCodeOf(error) === "ENOENT";
  const message = isAbsent
    ? `photos are looked at by ${program}, which is not installed; build Attend and put its bin folder on the PATH`
    : `${program} does not start: ${error.message}`;
  return new AttendError("FILE_NOT_FOUND", message);
}

function ended(): AttendError {
  return new AttendError("BAD_IMAGE", `${program} has ended; use /look again`);
}
