import { distance } from "fastest-levenshtein";
import type { Vocabulary } from "../tagger/vocabulary.ts";
import type { Dictionary } from "./dictionary.ts";

/** The most edits between a word and its misspelling. */
const maxDistance = 2;

/** Finds what may be meant by an unknown word. */
export class CandidateFinder {
  readonly #dictionary: Dictionary;
  /** Known words with what letters they have, one bit each. */
  readonly #words: readonly { readonly word: string; readonly letters: number }[];

  /** Words of the vocabulary that the dictionary knows are found if they are similar, all others by the dictionary alone. */
  constructor(dictionary: Dictionary, vocabulary: Vocabulary) {
    this.#dictionary = dictionary;
    this.#words = vocabulary.json.words
      .filter((word) => /^\p{L}[\p{L}']*$/u.test(word) && dictionary.knows(word))
      .map((word) => ({ word, letters: lettersOf(word) }));
  }

  /** In lower case, without the word itself. */
  find(typo: string): string[] {
    const letters = lettersOf(typo);
    const similar = this.#words.filter(
      ({ word, letters: others }) =>
        Math.abs(word.length - typo.length) <= maxDistance &&
        bits(letters ^ others) <= 2 * maxDistance &&
        distance(typo, word) <= maxDistance,
    );
    // Of words with an apostrophe, those of the vocabulary are enough: any word has a possessive.
    const suggested = this.#dictionary.suggest(typo).filter((word) => /^\p{L}+$/u.test(word));
    const all = new Set([
      ...similar.map(({ word }) => word),
      ...suggested.map((word) => word.toLowerCase()),
    ]);
    return [...all].filter((word) => word !== typo);
  }
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) % 32);
  return letters;
}

function bits(value: number): number {
  let count = 0;
  for (let left = value; left !== 0; left &= left - 1) count++;
  return count;
}
