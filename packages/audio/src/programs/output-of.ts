import { spawn } from "node:child_process";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AttendError, messageOf } from "@attend/runtime/errors";

export interface ProgramOptions {
  /** what the program reads; nothing by default */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** the bytes of output that are kept while nobody asks for them; 64 KB by default, then the program waits */
  readonly readAhead?: number;
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
  { input = noInput(), readAhead = 2 ** 16, signal }: ProgramOptions = {},
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
    const output = new PassThrough({ highWaterMark: readAhead });
    // A program that cannot be started closes its output without an end.
    child.stdout.once("close", () => output.end());
    yield* child.stdout.pipe(output, { end: false });
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
