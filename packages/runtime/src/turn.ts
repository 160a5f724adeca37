import { setImmediate } from "node:timers/promises";
import { AttendError } from "./errors.ts";

/**
 * Lets signals, timers and reads run: await it between batches of work that blocks the
 * event loop.
 *
 * @throws AttendError INTERRUPTED if `signal` is aborted
 */
export async function yieldTurn(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal?.aborted) {
    throw new AttendError("INTERRUPTED", "stopped before the end, as its signal was aborted");
  }
}
