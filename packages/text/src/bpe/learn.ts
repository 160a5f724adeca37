import { AttendError } from "@attend/runtime/errors";
import { Bpe, byteTokens } from "./bpe.ts";
import { maxSize, maxSpecial, maxTokenLength } from "./limits.ts";
import { Merging } from "./merging.ts";
import { isWellFormed } from "./utf8.ts";
import { type Normalization, normalizations, normalize, wordsOf } from "./words.ts";

export interface BpeOptions {
  /** How many tokens: special ones, 256 bytes, characters and what is merged of them. */
  readonly size: number;
  /** Characters that occur less often are written in bytes; default 1. */
  readonly minCount?: number;
  /** Of a token, in characters; default 16. */
  readonly maxLength?: number;
  /** Applied to every text that is learnt from or encoded; default `none`, which loses nothing. */
  readonly normalization?: Normalization;
  /** Tokens with the first ids, which no text is encoded to: `specialTokens`, for one; default none. */
  readonly special?: readonly string[];
}

/** A pair that occurs once says nothing about other texts. */
const leastPairCount = 2;

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
  const { size, minCount = 1, maxLength = 16, normalization = "none", special = [] } = options;
  checkCount("size", size, maxSize - maxSpecial);
  checkCount("minCount", minCount, Number.MAX_SAFE_INTEGER);
  checkCount("maxLength", maxLength, maxTokenLength);
  if (!normalizations.includes(normalization)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `normalization is ${normalizations.join(", ")}, but ${JSON.stringify(normalization)} was given.`,
    );
  }
  if (
    special.length > maxSpecial ||
    special.includes("") ||
    new Set(special).size < special.length
  ) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `special is a list of at most ${maxSpecial} names, none empty or there twice, but ${JSON.stringify(special).slice(0, 100)} was given.`,
    );
  }
  const words = countWords(texts, normalization);
  if (words.size === 0) {
    throw new AttendError("BAD_DATA", "The texts to learn tokens from are empty; give some text.");
  }
  const characters = frequentCharacters(words, minCount);
  const room = size - special.length - byteTokens;
  if (characters.length > room) {
    const least = size + characters.length - room;
    throw new AttendError(
      "BAD_ARGUMENT",
      `A vocabulary of ${size} is too small: ${byteTokens} bytes, ${characters.length} characters${special.length > 0 ? ` and ${special.length} special tokens` : ""} take ${least}; ask for more, or raise minCount so that rare characters are written in bytes.`,
    );
  }
  const merging = new Merging(words, characters, maxLength);
  while (merging.tokens.length < room) {
    if (merging.merge(leastPairCount)) continue;
    const most = size - room + merging.tokens.length;
    throw new AttendError(
      "BAD_DATA",
      `The texts are too short for ${size} tokens: after ${most} nothing is left that occurs twice; ask for ${most} or fewer, or give more text.`,
    );
  }
  return new Bpe({ normalization, special: [...special], tokens: merging.tokens });
}

function countWords(texts: Iterable<string>, normalization: Normalization): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of wordsOf(normalize(text, normalization))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** By descending count, ties in the order of their code units; halves of surrogate pairs are none. */
function frequentCharacters(words: ReadonlyMap<string, number>, minCount: number): string[] {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const character of word) {
      if (!isWellFormed(character)) continue;
      counts.set(character, (counts.get(character) ?? 0) + count);
    }
  }
  const kept = [...counts].filter(([, count]) => count >= minCount);
  kept.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return kept.map(([character]) => character);
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} is a whole number from 1 to ${most}, but ${value} was given.`,
  );
}
