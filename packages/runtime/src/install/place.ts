import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";

/**
 * Puts the files of a cache entry into a package's folder, by hard link or, on another file system,
 * by copy. Each file appears under its name only when complete; the one called `last` comes last,
 * so that its presence means that all are there.
 */
export async function place(entry: string, folder: string, last: string): Promise<void> {
  const files = await filesIn(entry);
  for (const file of [...files.filter((name) => name !== last), last]) {
    await placeFile(path.join(entry, file), path.join(folder, file));
  }
}

/** The names of all files and links in a folder; links to folders are not followed. */
async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const item of await readdir(folder, { withFileTypes: true })) {
    if (!item.isDirectory()) names.push(item.name);
    else {
      const inner = await filesIn(path.join(folder, item.name));
      names.push(...inner.map((name) => path.join(item.name, name)));
    }
  }
  return names;
}

async function placeFile(source: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.part`;
  try {
    const destination = await readlink(source).catch(() => undefined);
    if (destination === undefined) await linkOrCopy(source, temporary);
    else await symlink(destination, temporary);
    await rename(temporary, target);
  } finally {
    // Renaming one of two links to the same file does nothing and leaves both.
    await rm(temporary, { force: true });
  }
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}
