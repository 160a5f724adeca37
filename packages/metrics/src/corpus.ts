import { AttendError } from "@attend/runtime/errors";

/** A sentence as its words or as their ids; the metrics only compare tokens. */
export type Sentence<Token extends string | number = string> = readonly Token[];

/** The reference sentences of each image. */
export type References<Token extends string | number = string> =
  readonly (readonly Sentence<Token>[])[];

/** @throws AttendError BAD_DATA where there is no image, or an image without a reference. */
export function checkReferences(references: References<string | number>): void {
  if (references.length === 0) {
    throw new AttendError("BAD_DATA", "No references were given; give at least one image's.");
  }
  const bare = references.findIndex((sentences) => sentences.length === 0);
  if (bare !== -1) {
    throw new AttendError(
      "BAD_DATA",
      `Image ${bare} (counted from 0) has no reference sentence; give one or leave the image out.`,
    );
  }
}

/** @throws AttendError BAD_DATA where there is not one candidate an image, or a reference is missing. */
export function checkCorpus(
  candidates: readonly Sentence<string | number>[],
  references: References<string | number>,
): void {
  checkReferences(references);
  if (candidates.length !== references.length) {
    throw new AttendError(
      "BAD_DATA",
      `There is one candidate an image, but ${candidates.length} candidates and the references of ${references.length} images were given.`,
    );
  }
}

/** The mean of at least one number. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
