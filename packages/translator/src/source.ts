import { padTokens } from "@attend/datasets";
import type { SourceBatch } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { special, type Tokenizers } from "./tokenizers.ts";

/** The tokens of a text, followed by the end token, so that no source is empty. */
export function encodeSource(text: string, { source }: Tokenizers): number[] {
  return [...source.encode(text), special.end];
}

/** The maximum number of tokens in the translation of a source. */
export function maxLengthOf({ length }: readonly number[]): number {
  return 2 * length + 10;
}

/** Sources side by side; the caller disposes the tokens. */
export function sourceBatch(sources: readonly (readonly number[])[]): SourceBatch {
  const { ids, lengths, steps } = padTokens(sources, { padId: special.pad });
  return { tokens: tf.tensor2d(ids, [sources.length, steps], "int32"), lengths };
}
