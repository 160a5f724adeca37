import { join, parse } from "node:path";
import { writeNote } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import type { AnswerResult } from "../answerer.ts";

/** The folder for the pictures of where the model looked. */
export interface RegionFolder {
  /** Writes `beach.regions.png` for `beach.jpg`, and `beach-2.regions.png` for its next question; returns the path. */
  write(photo: string, result: AnswerResult): Promise<string>;
}

/** In characters, so that a file's name stays below the 255 bytes that file systems allow. */
const longestName = 60;

/** @throws AttendError WRITE_FAILED if the folder is not writable */
export async function openRegionFolder(folder: string): Promise<RegionFolder> {
  await ensureWritableDirectory(folder);
  const { renderRegions } = await import("../present/render-regions.ts");
  const used = new Set<string>();
  return {
    async write(photo, result) {
      const name = photo === "-" ? "stdin" : nameOf(photo);
      let free = name;
      // Some file systems ignore case.
      for (let n = 2; used.has(free.toLowerCase()); n++) free = `${name}-${n}`;
      used.add(free.toLowerCase());
      const file = join(folder, `${free}.regions.png`);
      await writeFileAtomic(file, await renderRegions(result));
      return file;
    },
  };
}

/** The path of the picture, or the reason why there is none, which is also reported. */
export async function drawRegions(
  regions: RegionFolder | undefined,
  photo: string,
  result: AnswerResult,
): Promise<{ regions?: string; regionsError?: string }> {
  try {
    return regions === undefined ? {} : { regions: await regions.write(photo, result) };
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    writeNote(`error: ${thrown.message}`);
    process.exitCode = 1;
    return { regionsError: thrown.message };
  }
}

function nameOf(photo: string): string {
  if (photo.startsWith("data:")) return "data";
  const path = /^https?:\/\//i.test(photo) ? photo.replace(/[?#].*$/, "") : photo;
  return [...parse(path).name].slice(0, longestName).join("");
}
