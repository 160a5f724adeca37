import { AttendError, messageOf } from "@attend/runtime/errors";
import { writeNote } from "./output.ts";

type Handler = () => void | Promise<void>;

const handlers = new Set<Handler>();
/** `mpirun`, Slurm and Kubernetes send SIGTERM. */
const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Registers a handler for the first Ctrl-C or SIGTERM, such as "save after this step". The program keeps running
 * until its work is done; a second Ctrl-C exits immediately with code 130. Without a handler, both
 * end the program as usual.
 *
 * @returns a function that removes the handler
 */
export function onInterrupt(handler: Handler): () => void {
  if (handlers.size === 0) for (const signal of signals) process.on(signal, interrupt);
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
    if (handlers.size === 0) for (const signal of signals) process.off(signal, interrupt);
  };
}

/**
 * Runs work whose signal is aborted by Ctrl-C; the work then throws an AttendError INTERRUPTED.
 *
 * @param message replaces that error's message
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  message?: string,
): Promise<Result> {
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  try {
    return await work(abort.signal);
  } catch (thrown) {
    const isInterruption = AttendError.isInstance(thrown) && thrown.code === "INTERRUPTED";
    if (!isInterruption || message === undefined) throw thrown;
    throw new AttendError("INTERRUPTED", message, { cause: thrown });
  } finally {
    release();
  }
}

let interrupted = false;

function interrupt(signal: NodeJS.Signals): void {
  if (interrupted && signal === "SIGTERM") return;
  if (interrupted) process.exit(130);
  interrupted = true;
  writeNote(""); // The terminal shows ^C on the current line.
  writeNote("stopping; press Ctrl-C again to stop at once");
  for (const handler of handlers) void call(handler);
}

async function call(handler: Handler): Promise<void> {
  try {
    await handler();
  } catch (thrown) {
    writeNote(`error: ${messageOf(thrown)}`);
    process.exit(1);
  }
}
