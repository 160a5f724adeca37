import { countText, type LearningText, tooShort } from "../subwords/learning.ts";
import type { SubwordOptions } from "../subwords/options.ts";
import { Bpe } from "./bpe.ts";
import { Merging } from "./merging.ts";

/** See {@link SubwordOptions}. */
export interface BpeOptions extends SubwordOptions {}

/** A pair that occurs once says nothing about other texts. */
const leastPairCount = 2;
/** Of a tokenizer that is fitted: what occurs less often is hardly learned (Sennrich & Zhang 2019). */
const fittedPairCount = 5;

/**
 * Learns a byte-pair encoding from text: every character is a token, and then the two tokens that most
 * often stand side by side within a word become another, until there are `size` (Sennrich, Haddow &
 * Birch 2016, algorithm 1). Words are runs of letters, of figures or of other marks with the space
 * before them (`wordsOf`). Of pairs that are as frequent the shorter comes first, then the order of
 * their code units, the space as SentencePiece's U+2581; so the order of the texts decides nothing.
 *
 * @param texts of any length; nothing is merged from one to the next
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` below what bytes and
 *   characters take; BAD_DATA where the texts are empty, or too short to give so many tokens
 */
export function learnBpe(texts: Iterable<string>, options: BpeOptions): Bpe {
  const text = countText(texts, options);
  return new Bpe({ kind: "bpe", ...text.head, tokens: mergedTokens(text) });
}

/**
 * The characters, and then the tokens that merging makes.
 *
 * @throws AttendError BAD_DATA where there are fewer than there are to be
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
