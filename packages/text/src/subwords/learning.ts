import { AttendError } from "@attend/runtime/errors";
import { inForm, type TextForm } from "./form.ts";
import { checkOptions, type SubwordOptions } from "./options.ts";
import type { TokenTableJson } from "./subwords.ts";
import { byteTokens } from "./token-table.ts";
import { isWellFormed } from "./utf8.ts";
import { wordsOf } from "./words.ts";

/** What every vocabulary is learnt from. */
export interface LearningText {
  /** Each kind of word, with its count. */
  readonly words: ReadonlyMap<string, number>;
  /** Those that become tokens; others are written in bytes. By descending count. */
  readonly characters: readonly string[];
  /** How many tokens there are to be besides special ones and bytes: no fewer than the characters. */
  readonly room: number;
  /** Whether there may be fewer. */
  readonly fit: boolean;
  /** Of a token, in characters. */
  readonly maxLength: number;
  /** What the vocabulary's file holds besides tokens. */
  readonly head: Omit<TokenTableJson, "tokens">;
}

/**
 * Counts the words and characters of texts.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` below what bytes and
 *   characters take; BAD_DATA where the texts are empty
 */
export function countText(texts: Iterable<string>, options: SubwordOptions): LearningText {
  const { size, fit, normalization, lowerCase, special, maxLength, ...rarity } =
    checkOptions(options);
  const words = countWords(texts, { normalization, lowerCase });
  if (words.size === 0) {
    throw new AttendError("BAD_DATA", "The texts to learn tokens from are empty; give some text.");
  }
  const room = size - special.length - byteTokens;
  const frequent = frequentCharacters(words, rarity);
  const characters = fit && room > 0 ? frequent.slice(0, room) : frequent;
  if (characters.length > room) {
    const least = size + characters.length - room;
    throw new AttendError(
      "BAD_ARGUMENT",
      `A vocabulary of ${size} is too small: ${byteTokens} bytes, ${characters.length} characters${special.length > 0 ? ` and ${special.length} special tokens` : ""} take ${least}; ask for more, or raise minCount so that rare characters are written in bytes.`,
    );
  }
  const head = { normalization, ...(lowerCase && { lowerCase }), special };
  return { words, characters, room, fit, maxLength, head };
}

/** @param found tokens besides special ones and bytes */
export function tooShort({ room, head }: LearningText, found: number): AttendError {
  const others = head.special.length + byteTokens;
  const [size, most] = [room + others, found + others];
  return new AttendError(
    "BAD_DATA",
    `The texts are too short for ${size} tokens: after ${most} nothing is left that occurs twice; ask for ${most} or fewer, or give more text.`,
  );
}

function countWords(texts: Iterable<string>, form: TextForm): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of wordsOf(inForm(text, form))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** By descending count, ties in the order of their code units; halves of surrogate pairs are none. */
function frequentCharacters(
  words: ReadonlyMap<string, number>,
  { minCount, coverage }: { minCount: number; coverage: number },
): string[] {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word, count] of words) {
    for (const character of word) {
      if (!isWellFormed(character)) continue;
      counts.set(character, (counts.get(character) ?? 0) + count);
      total += count;
    }
  }
  const sorted = [...counts].sort(
    ([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1),
  );
  const kept: string[] = [];
  let covered = 0;
  for (const [character, count] of sorted) {
    if (count < minCount || covered >= coverage * total) break;
    kept.push(character);
    covered += count;
  }
  return kept;
}
