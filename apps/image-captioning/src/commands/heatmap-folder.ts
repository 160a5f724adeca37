import { join, parse } from "node:path";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import type { CaptionResult } from "../caption.ts";
import { renderHeatmap } from "../present/render-heatmap.ts";
import type { PhotoInput } from "./photos.ts";

/** The folder for a run's heat maps. */
export interface HeatmapFolder {
  /** Writes `beach.heatmap.png` for `beach.jpg`; returns its path. `result` needs attention and picture. */
  write(photo: PhotoInput, result: CaptionResult): Promise<string>;
}

/** Bytes, so that with the extension and a number it stays below the 255 that file systems allow. */
const longestName = 220;

/** @throws AttendError WRITE_FAILED if the folder is not writable */
export async function openHeatmapFolder(folder: string): Promise<HeatmapFolder> {
  await ensureWritableDirectory(folder);
  const used = new Set<string>();
  /** Photos with the same name, from two folders or in two formats, get numbers. */
  const nameOf = (path: string) => {
    const name = shorten(path.startsWith("data:") ? "data" : parse(withoutQuery(path)).name);
    let free = name;
    // Some file systems ignore case.
    for (let n = 2; used.has(free.toLowerCase()); n++) free = `${name}-${n}`;
    used.add(free.toLowerCase());
    return join(folder, `${free}.heatmap.png`);
  };
  return {
    async write({ path, bytes }, result) {
      const file = nameOf(path);
      await writeFileAtomic(file, await renderHeatmap(result.picture ?? bytes ?? path, result));
      return file;
    },
  };
}

function withoutQuery(path: string): string {
  return /^https?:\/\//i.test(path) ? path.replace(/[?#].*$/, "") : path;
}

function shorten(name: string): string {
  let bytes = 0;
  let short = "";
  for (const letter of name) {
    bytes += Buffer.byteLength(letter);
    if (bytes > longestName) break;
    short += letter;
  }
  return short;
}
