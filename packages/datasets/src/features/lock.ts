import { readFile, rm, writeFile } from "node:fs/promises";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { writeError } from "@attend/runtime/files";

/** The locks of this process: one that bears its number but is not here is a former process's. */
const held = new Set<string>();

/**
 * Keeps other writers away until `releaseLock`. A lock whose process was killed is taken over.
 *
 * @throws AttendError WRITE_FAILED where another writer, of this process or another, has it.
 */
export async function acquireLock(path: string): Promise<void> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "EEXIST") throw writeError(path, thrown);
    const owner = Number(await readFile(path, "utf8"));
    if (owner === process.pid ? held.has(path) : isRunning(owner)) {
      const message = `process ${owner} is writing there already; wait for it, or delete ${path} if that process is something else`;
      throw new AttendError("WRITE_FAILED", message);
    }
    await writeFile(path, String(process.pid));
  }
  held.add(path);
}

export async function releaseLock(path: string): Promise<void> {
  held.delete(path);
  await rm(path, { force: true });
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return systemCodeOf(thrown) === "EPERM"; // it runs, but for another user
  }
}
