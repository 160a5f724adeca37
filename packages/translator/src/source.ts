import { padTokens } from "@attend/datasets";
import type { SourceBatch } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { padId, special, type Vocabularies } from "./vocabulary.ts";

/** A text as the encoder reads it: the end is its last token, so that no source is empty. */
export function encodeSource(text: string, { source }: Vocabularies): number[] {
  return [...source.encode(text), special.end];
}

/** The most tokens of a source's translation. */
export function maxLengthOf({ length }: readonly number[]): number {
  return 2 * length + 10;
}

/** Sources side by side; the caller disposes the tokens. */
export function sourceBatch(sources: readonly (readonly number[])[]): SourceBatch {
  const { ids, lengths, steps } = padTokens(sources, { padId });
  return { tokens: tf.tensor2d(ids, [sources.length, steps], "int32"), lengths };
}
