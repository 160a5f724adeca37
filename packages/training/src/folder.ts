import { existsSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { writeError } from "@attend/runtime/files";

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

/** The folders that this process trains into. */
const held = new Set<string>();

/**
 * Keeps other trainings out of a folder, by a file that names this process. One that a process has left
 * which no longer runs is taken over.
 *
 * @returns gives the folder free
 * @throws AttendError BAD_ARGUMENT where another training is at work in it; WRITE_FAILED
 */
export async function holdFolder(out: string): Promise<() => Promise<void>> {
  const file = resolve(out, "training.lock");
  if (held.has(file)) throw taken(out, process.pid);
  held.add(file);
  try {
    while (!(await create(file))) {
      const owner = Number(await readFile(file, "utf8").catch(() => ""));
      // One of this number that is not held was left by a process before.
      if (owner !== process.pid && isRunning(owner)) throw taken(out, owner);
      await rm(file, { force: true });
    }
  } catch (thrown) {
    held.delete(file);
    throw thrown;
  }
  return async () => {
    held.delete(file);
    await rm(file, { force: true });
  };
}

function taken(out: string, owner: number): AttendError {
  const message = `another training is writing into ${out} (process ${owner}); wait until it has ended, or train into another folder`;
  return new AttendError("BAD_ARGUMENT", message);
}

/** Whether the file was not there before. */
async function create(file: string): Promise<boolean> {
  try {
    const lock = await open(file, "wx");
    try {
      await lock.writeFile(`${process.pid}\n`);
    } finally {
      await lock.close();
    }
    return true;
  } catch (thrown) {
    if (systemCodeOf(thrown) === "EEXIST") return false;
    throw writeError(file, thrown);
  }
}

function isRunning(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    return process.kill(id, 0);
  } catch (thrown) {
    return systemCodeOf(thrown) === "EPERM"; // Somebody else's.
  }
}
