import { AttendError } from "@attend/runtime/errors";
import type { SentenceVectors } from "@attend/sentence-vectors";

/** @throws AttendError BAD_CONFIG if a model was trained with other sentence vectors */
export function requireEncoder(
  { encoder, dimension }: { readonly encoder: string; readonly dimension: number },
  vectors: SentenceVectors,
): void {
  if (encoder === vectors.name && dimension === vectors.dimension) return;
  throw new AttendError(
    "BAD_CONFIG",
    `the model was trained with the sentence vectors ${encoder} (${dimension} elements), not ${vectors.name} (${vectors.dimension}); load those, or train it again`,
  );
}
