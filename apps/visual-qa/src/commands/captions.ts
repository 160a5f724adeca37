import { writeNote } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import type { Captions } from "../caption-words.ts";
import type { Located } from "./sets.ts";

/**
 * Reads the captions of those photos that questions are about, found by their names, whatever folder they are in;
 * warnings go to stderr.
 *
 * @throws AttendError BAD_DATA if two photos have the name of one with captions
 */
export async function readCaptionsOf(
  rows: readonly Pick<Located, "image" | "photo">[],
  files: readonly string[],
): Promise<Captions> {
  const { readCaptions } = await import("@attend/datasets");
  const photoOf = new Map<string, string>();
  const several = new Set<string>();
  for (const { image, photo } of rows) {
    const known = photoOf.get(image) ?? photo;
    if (known !== photo) several.add(image);
    photoOf.set(image, photo);
  }
  const captions = new Map<string, readonly string[]>();
  for (const file of files) {
    const { images, warnings } = await readCaptions(file, {});
    for (const warning of warnings) writeNote(`warning: ${warning}`);
    for (const { id, captions: said } of images) {
      const photo = photoOf.get(id);
      if (photo === undefined) continue;
      if (several.has(id)) {
        const message = `${file} has captions of ${id}, and photos in two folders have this name; rename one of them`;
        throw new AttendError("BAD_DATA", message);
      }
      captions.set(photo, [...(captions.get(photo) ?? []), ...said.map(({ text }) => text)]);
    }
  }
  return captions;
}
