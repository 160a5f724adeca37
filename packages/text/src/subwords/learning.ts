import { AttendError } from "@attend/runtime/errors";
import { checkOptions, type SubwordOptions } from "./options.ts";
import { type TextForm, wordsOf } from "./pretokenize.ts";
import { byteTokens, type SubwordsJson } from "./subwords.ts";
import { bytesOf, isWellFormed } from "./utf8.ts";

/** The counts that all subword tokenizers are learned from. */
export interface LearningText {
  /** The distinct words with their counts. */
  readonly words: ReadonlyMap<string, number>;
  /** The characters that become tokens, by descending count; others are encoded as bytes. */
  readonly characters: readonly string[];
  /** The number of tokens other than special ones and bytes: at least that of the characters. */
  readonly room: number;
  /** Whether there may be fewer. */
  readonly fit: boolean;
  /** The most characters of a token. */
  readonly maxLength: number;
  /** The tokenizer's file without its kind and tokens. */
  readonly head: Omit<SubwordsJson, "kind" | "tokens">;
}

/**
 * Counts the words and characters of texts.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` too small for bytes and
 *   characters; BAD_DATA if the texts are empty
 */
export function countText(texts: Iterable<string>, options: SubwordOptions): LearningText {
  const { size, fit, normalization, lowerCase, special, maxLength, ...rarity } =
    checkOptions(options);
  const words = countWords(texts, { normalization, lowerCase });
  if (words.size === 0) {
    throw new AttendError("BAD_DATA", "the texts to learn tokens from are empty; give some text");
  }
  const room = size - special.length - byteTokens;
  const counts = countCharacters(words);
  const frequent = frequentCharacters(counts, rarity);
  const characters = fit && room > 0 ? frequent.slice(0, room) : frequent;
  if (characters.length > room) {
    const least = size + characters.length - room;
    throw new AttendError(
      "BAD_ARGUMENT",
      `a tokenizer of ${size} tokens is too small: ${byteTokens} bytes, ${characters.length} characters${special.length > 0 ? ` and ${special.length} special tokens` : ""} take ${least}; ask for more, or raise minCount so that rare characters are encoded as bytes`,
    );
  }
  const head = {
    normalization,
    ...(lowerCase && { lowerCase }),
    special,
    bytes: bytesBeside(counts.keys(), characters),
  };
  return { words, characters, room, fit, maxLength, head };
}

/** @param found number of tokens other than special ones and bytes */
export function tooShort({ room, head }: LearningText, found: number): AttendError {
  const others = head.special.length + byteTokens;
  const [size, most] = [room + others, found + others];
  return new AttendError(
    "BAD_DATA",
    `the texts are too short for ${size} tokens: after ${most} nothing is left that occurs twice; ask for ${most} or fewer, or give more text`,
  );
}

function countWords(texts: Iterable<string>, form: TextForm): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of wordsOf(text, form)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function countCharacters(words: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  return counts;
}

/** Characters by descending count, ties in the order of their code units, without halves of surrogate pairs. */
function frequentCharacters(
  counts: ReadonlyMap<string, number>,
  { minCount, coverage }: { minCount: number; coverage: number },
): string[] {
  const sorted = [...counts].filter(([character]) => isWellFormed(character));
  sorted.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const kept: string[] = [];
  let covered = 0;
  for (const [character, count] of sorted) {
    if (count < minCount || covered >= coverage * total) break;
    kept.push(character);
    covered += count;
  }
  return kept;
}

/** The bytes of all characters except the given ones, in order. */
function bytesBeside(all: Iterable<string>, characters: readonly string[]): number[] {
  const kept = new Set(characters);
  const others = [...all].filter((character) => !kept.has(character));
  return [...new Set(others.flatMap(bytesOf))].sort((a, b) => a - b);
}
