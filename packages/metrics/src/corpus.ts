import { AttendError } from "@attend/runtime/errors";

/** A sentence as words or as ids; the metrics only compare tokens. */
export type Sentence<Token extends string | number = string> = readonly Token[];

/** The reference sentences of each image. */
export type References<Token extends string | number = string> =
  readonly (readonly Sentence<Token>[])[];

/** @throws AttendError BAD_DATA if there are no images, or an image has no reference. */
export function checkReferences(references: References<string | number>): void {
  if (references.length === 0) {
    throw new AttendError(
      "BAD_DATA",
      "no references were given; pass the references of at least one image",
    );
  }
  const bare = references.findIndex((sentences) => sentences.length === 0);
  if (bare !== -1) {
    throw new AttendError(
      "BAD_DATA",
      `image ${bare} (counted from 0) has no reference; add one or leave the image out`,
    );
  }
}

/**
 * @throws AttendError BAD_DATA if the number of candidates and images differ, or an image has no
 * reference.
 */
export function checkCorpus(
  candidates: readonly Sentence<string | number>[],
  references: References<string | number>,
): void {
  checkReferences(references);
  if (candidates.length !== references.length) {
    throw new AttendError(
      "BAD_DATA",
      `${candidates.length} candidates and the references of ${references.length} images were given; pass one candidate per image`,
    );
  }
}

/** The mean of a nonempty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
