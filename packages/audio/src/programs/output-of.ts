import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AttendError, messageOf } from "@attend/runtime/errors";

export interface ProgramInput {
  /** what the program reads; nothing by default */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** Ends the program, and with it its output. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program and yields what it writes. It does not outlive the loop: it is killed, and its end awaited, when the
 * loop is left or `signal` aborts.
 *
 * @throws AttendError READ_FAILED with the last line of its complaint, if it cannot be started or fails
 */
export async function* outputOf(
  program: string,
  args: readonly string[],
  { input = noInput(), signal }: ProgramInput = {},
): AsyncGenerator<Uint8Array> {
  if (signal?.aborted) return;
  const child = spawn(program, args);
  let complaint = "";
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", (error) => {
      complaint = messageOf(error);
      resolve(null);
    });
  });
  child.stderr.on("data", (text) => {
    complaint = (complaint + text).slice(-1000);
  });
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  try {
    // A program that has read enough closes its input.
    pipeline(Readable.from(input), child.stdin).catch(() => {});
    yield* child.stdout;
    if ((await ended) !== 0 && !signal?.aborted) {
      const reason = complaint.trim().split("\n").at(-1) || "it gave no reason";
      throw new AttendError("READ_FAILED", `${program} failed: ${reason}`);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    await ended;
  }
}

async function* noInput(): AsyncGenerator<Uint8Array> {}
