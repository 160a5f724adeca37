import { open, readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AttendError, systemCodeOf } from "./errors.ts";
import { writeError } from "./files.ts";

/**
 * The locks held by this process: a lock file with its id that is not listed here is from an
 * earlier process.
 */
const held = new Set<string>();

/**
 * Acquires an exclusive lock: a file that contains this process's id. A lock whose process is no
 * longer running is taken over; one that is being killed has two seconds to end.
 *
 * @param heldError the error if this or another running process holds the lock
 * @returns a function that releases the lock
 * @throws AttendError `heldError`; WRITE_FAILED
 */
export async function acquireLock(
  path: string,
  heldError: (owner: number) => AttendError,
): Promise<() => Promise<void>> {
  const file = resolve(path);
  if (held.has(file)) throw heldError(process.pid);
  held.add(file);
  try {
    const giveUpAt = performance.now() + 2000;
    while (!(await create(file))) {
      const owner = Number(await readFile(file, "utf8").catch(() => ""));
      const isHeld = owner !== process.pid && (await isRunning(owner));
      if (!isHeld) await rm(file, { force: true });
      else if (performance.now() > giveUpAt) throw heldError(owner);
      else await sleep(50);
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

/** Creates the lock file; false if it already exists. */
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

async function isRunning(id: number): Promise<boolean> {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
  } catch (thrown) {
    return systemCodeOf(thrown) === "EPERM"; // Another user's process.
  }
  // A zombie has ended, but a container without an init process keeps its id. Only Linux has this file.
  const status = await readFile(`/proc/${id}/stat`, "utf8").catch(() => "");
  return !/\) [ZX] [^)]*$/.test(status);
}
