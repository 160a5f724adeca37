import { countText, type LearningText, tooShort } from "../subwords/learning.ts";
import type { SubwordOptions } from "../subwords/options.ts";
import { Bpe } from "./bpe.ts";
import { Merging } from "./merging.ts";

/** Options of {@link learnBpe}. */
export interface BpeOptions extends SubwordOptions {}

/** A pair that occurs once says nothing about other texts. */
const leastPairCount = 2;
/** With `fit`: rarer tokens are hardly learned by a model (Sennrich & Zhang 2019). */
const fittedPairCount = 5;

/**
 * Learns a byte-pair encoding from text: every character is a token, and then the most frequent pair of
 * neighboring tokens within words becomes another, until there are `size` (Sennrich, Haddow & Birch 2016,
 * algorithm 1). Words are runs of letters, of digits or of other symbols, with the preceding space
 * (`wordsOf`). Of equally frequent pairs, the shorter comes first, then the order of their code units, with
 * SentencePiece's U+2581 for the space; so the result does not depend on the order of the texts.
 *
 * @param texts of any length; nothing is merged across them
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` too small for bytes and
 *   characters; BAD_DATA if the texts are empty, or too short for that many tokens
 */
export function learnBpe(texts: Iterable<string>, options: BpeOptions): Bpe {
  const text = countText(texts, options);
  return new Bpe({ kind: "bpe", ...text.head, tokens: mergedTokens(text) });
}

/**
 * The characters, then the merged tokens.
 *
 * @throws AttendError BAD_DATA if there are fewer than requested
 */
export function mergedTokens(text: LearningText): string[] {
  const merging = new Merging(text.words, text.characters, text.maxLength);
  while (merging.tokens.length < text.room) {
    if (merging.merge(text.fit ? fittedPairCount : leastPairCount)) continue;
    if (text.fit) break;
    throw tooShort(text, merging.tokens.length);
  }
  return merging.tokens;
}
