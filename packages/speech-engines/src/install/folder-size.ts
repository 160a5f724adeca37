import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The bytes of all files in a folder, at any depth; files that disappear meanwhile do not count. */
export async function folderSize(folder: string): Promise<number> {
  const items = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let size = 0;
  for (const item of items) {
    if (!item.isFile()) continue;
    const file = await lstat(join(item.parentPath, item.name)).catch(() => undefined);
    size += file?.size ?? 0;
  }
  return size;
}
