import { copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isArchive, unpack } from "./unpack.ts";

const limits = { maxBytes: 20e9, maxFiles: 1_000_000 };
const shown = 1000;

/**
 * Adds an uploaded file to a training's data: what it contains if it is an archive.
 *
 * @returns the data's first 1,000 files and folders
 * @throws AttendError BAD_DATA for a damaged or too large archive
 */
export async function addData(file: string, folder: string): Promise<string[]> {
  const name = basename(file);
  await mkdir(folder, { recursive: true });
  if (isArchive(name)) await unpack(file, name, folder, limits);
  else await copyFile(file, join(folder, name));
  return (await readdir(folder)).sort().slice(0, shown);
}
