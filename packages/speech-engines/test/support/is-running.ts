import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a process is gone; a test that waits for too long fails. */
export async function untilEnded(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
