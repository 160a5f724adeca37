import { resolve, sep } from "node:path";
import { writeNote } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import type { Captions } from "../caption-words.ts";

/** A photo by its name and by its path. */
export interface NamedPhoto {
  readonly image: string;
  readonly photo: string;
}

/**
 * Reads the captions of those photos that questions are about, found by their names: in the folder nearest to the file,
 * if several have a photo of this name. Warnings go to stderr.
 *
 * @throws AttendError BAD_DATA if two such folders are equally near
 */
export async function readCaptionsOf(
  rows: readonly NamedPhoto[],
  files: readonly string[],
): Promise<Captions> {
  const { readCaptions } = await import("@attend/datasets");
  const photosOf = new Map<string, Set<string>>();
  for (const { image, photo } of rows) {
    photosOf.set(image, (photosOf.get(image) ?? new Set()).add(photo));
  }
  const captions = new Map<string, readonly string[]>();
  for (const file of files) {
    const { images, warnings } = await readCaptions(file, {});
    for (const warning of warnings) writeNote(`warning: ${warning}`);
    for (const { id, captions: said } of images) {
      const photo = nearest(file, id, [...(photosOf.get(id) ?? [])]);
      if (photo === undefined) continue;
      captions.set(photo, [...(captions.get(photo) ?? []), ...said.map(({ text }) => text)]);
    }
  }
  return captions;
}

function nearest(file: string, id: string, photos: readonly string[]): string | undefined {
  const shared = photos.map((photo) => sharedFolders(resolve(file), photo));
  const most = Math.max(...shared);
  const [photo, ...others] = photos.filter((_, i) => shared[i] === most);
  if (others.length === 0) return photo;
  const message = `${file} has captions of ${id}, and photos in two folders have this name; rename one of them`;
  throw new AttendError("BAD_DATA", message);
}

/** How many folders two paths have in common from the root. */
function sharedFolders(one: string, other: string): number {
  const [folders, others] = [one.split(sep), other.split(sep)];
  const end = folders.findIndex((folder, i) => folder !== others[i]);
  return end === -1 ? folders.length : end;
}
