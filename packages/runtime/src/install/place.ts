import { constants } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import path from "node:path";

/**
 * Puts the files of a cache entry into a package's folder, by hard link, else (another file system)
 * by copy. Each file appears under its name only when it is complete; the one called `last` comes
 * last, so that its presence means that all are there.
 */
export async function place(entry: string, folder: string, last: string): Promise<void> {
  const names = await readdir(entry, { recursive: true });
  for (const name of [...names.filter((name) => name !== last), last]) {
    const source = path.join(entry, name);
    const isFolder = (await lstat(source)).isDirectory();
    if (!isFolder) await placeFile(source, path.join(folder, name));
  }
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
    // A rename between two links to one file does nothing and leaves both.
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
