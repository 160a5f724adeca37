import { existsSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { acquireLock } from "@attend/runtime/lock";

/**
 * For what is costly and comes before a training; `train` itself refuses as well.
 *
 * @throws AttendError BAD_ARGUMENT where `out` holds a training that is not to be gone on with
 */
export function requireUntaken(out: string, resume: boolean | undefined): void {
  if (resume === true || !existsSync(join(out, "latest.safetensors"))) return;
  const message = `${out} already holds a training; resume it, or train into another folder`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/**
 * Keeps other trainings out of a folder.
 *
 * @returns gives the folder free
 * @throws AttendError BAD_ARGUMENT where another training is at work in it; WRITE_FAILED
 */
export function holdFolder(out: string): Promise<() => Promise<void>> {
  return acquireLock(join(out, "training.lock"), (owner) => {
    const message = `another training is writing into ${out} (process ${owner}); wait until it has ended, or train into another folder`;
    return new AttendError("BAD_ARGUMENT", message);
  });
}
