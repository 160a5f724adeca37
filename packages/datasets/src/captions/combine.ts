import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import { countHeldOut } from "../held-out.ts";
import type { CaptionedImage, CaptionSet } from "./caption-set.ts";

/**
 * Merges several sets; a photo's id becomes `source/id`. A photo (the same file) in two sets appears once,
 * with the captions of both.
 *
 * @throws AttendError BAD_ARGUMENT if two sets have the same source
 */
export function mergeCaptionSets(sets: readonly CaptionSet[]): CaptionSet {
  const sources = sets.map((set) => set.source);
  const repeated = sources.find((source, index) => sources.indexOf(source) !== index);
  if (repeated !== undefined) {
    const message = `two of the caption sets to merge are named ${repeated}; read them with different names`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const byFile = new Map<string, CaptionedImage>();
  for (const { source, images } of sets) {
    for (const { id, captions, ...image } of images) {
      const known = byFile.get(image.file);
      const all = [...(known?.captions ?? []), ...captions];
      byFile.set(image.file, { ...image, id: known?.id ?? `${source}/${id}`, captions: all });
    }
  }
  return {
    source: sources.join("+"),
    images: [...byFile.values()],
    warnings: sets.flatMap((set) => set.warnings),
  };
}

/**
 * Splits a set by photo: all captions of a photo stay together, and the seed determines which photos are
 * held out.
 *
 * @param options `heldOut`: a number of photos or, below 1, a fraction; either side gets at least one
 * @throws AttendError BAD_ARGUMENT if `heldOut` is out of range or there is only one photo
 */
export function splitCaptionSet(
  set: CaptionSet,
  { heldOut: requested, seed }: { heldOut: number; seed: number },
): { train: CaptionSet; heldOut: CaptionSet } {
  const count = countHeldOut(requested, set.images.length, `photos of ${set.source}`);
  const order = createRandom(seed).shuffle([...set.images.keys()]);
  const heldOut = new Set(order.slice(0, count));
  const part = (inside: boolean): CaptionSet => ({
    ...set,
    images: set.images.filter((_, index) => heldOut.has(index) === inside),
  });
  return { train: part(false), heldOut: part(true) };
}
