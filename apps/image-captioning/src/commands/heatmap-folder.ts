import { join, parse } from "node:path";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import type { CaptionResult } from "../captioner/captioner.ts";
import { renderHeatmap } from "../heatmap/render-heatmap.ts";
import type { PhotoInput } from "./photos.ts";

/** Where the heat maps of a run are written. */
export interface HeatmapFolder {
  /** Writes `beach.heatmap.png` for `beach.jpg`; returns its path. `result` has attention. */
  write(photo: PhotoInput, result: CaptionResult): Promise<string>;
}

/** @throws AttendError WRITE_FAILED where nothing can be written there */
export async function openHeatmapFolder(folder: string): Promise<HeatmapFolder> {
  await ensureWritableDirectory(folder);
  const taken = new Set<string>();
  /** Photos of one name, from two folders or in two formats, get numbers. */
  const nameOf = (path: string) => {
    const { name } = parse(path);
    let free = name;
    // Some file systems hold upper and lower case for the same.
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-${n}`;
    taken.add(free.toLowerCase());
    return join(folder, `${free}.heatmap.png`);
  };
  return {
    async write({ path, bytes }, result) {
      const file = nameOf(path);
      await writeFileAtomic(file, await renderHeatmap(bytes ?? path, result));
      return file;
    },
  };
}
