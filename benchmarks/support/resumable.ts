import { onInterrupt } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";

/** Runs a comparison that Ctrl-C stops and the same command continues; an error is one line, and sets the exit code. */
export async function runResumable(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  try {
    await run(abort.signal);
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    const interrupted = thrown.code === "INTERRUPTED";
    const line = interrupted ? "stopped; the same command continues" : `error: ${thrown.message}`;
    process.stderr.write(`${line}\n`);
    process.exitCode = interrupted ? 130 : 1;
  } finally {
    release();
  }
}
