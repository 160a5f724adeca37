import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "./process-identity.ts";

/** Another host's processes, such as another container's with the same temporary folder, cannot be seen from here. */
const here = `attend-serve-${digest(hostname())}`;

/** Creates a temporary folder, whose name tells which process owns it. */
export function createTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), `${here}-${process.pid}-${startOf(process.pid)}-`));
}

/** Removes the folders of processes that were killed: of this host, and with an owner that does not run anymore. */
export async function removeLeftoverFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(`${here}-`)) continue;
    const [pid, start] = name.slice(here.length + 1).split("-");
    if (startOf(Number(pid)) === start) continue;
    // It may be another user's.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Where no start can be told, it is the same for all, and nothing is removed. */
function startOf(pid: number): string {
  return digest(identityOf(pid) ?? "");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
