import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";

const hour = 3_600_000;

/** The folder of built engines: ATTEND_CACHE, otherwise `attend` in the user's cache folder. */
export function cacheFolder(): string {
  const { ATTEND_CACHE, XDG_CACHE_HOME } = process.env;
  if (ATTEND_CACHE) return path.resolve(ATTEND_CACHE);
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "attend");
}

/** The folder of a complete cache entry; undefined if there is none. */
export function findEntry(key: string): string | undefined {
  const entry = path.join(cacheFolder(), key);
  return existsSync(entry) ? entry : undefined;
}

/**
 * Creates a cache entry: `fill` works in a temporary folder, which is renamed only when complete. A
 * failed or killed set-up leaves no entry; if two run at once, one wins.
 *
 * @returns the entry's folder
 */
export async function makeEntry(
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const entry = path.join(cache, key);
  const folder = await mkdtemp(path.join(cache, `.${key}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove); // Ctrl-C ends the process without returning here.
  try {
    await fill(folder);
    await rename(folder, entry);
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY"].includes(systemCodeOf(error) ?? "")) throw error;
  } finally {
    process.off("exit", remove);
    remove();
  }
  return entry;
}

/** Removes a cache entry, if there is one. */
export async function removeEntry(key: string): Promise<void> {
  await rm(path.join(cacheFolder(), key), { recursive: true, force: true });
}

/** Removes the temporary folders of killed set-ups; none may take longer than an hour. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = path.join(cache, name);
    if (!name.startsWith(".")) continue;
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > hour) await rm(folder, { recursive: true, force: true });
  }
}
