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
    const similar = this.#words.flatMap(({ word, letters: others }) => {
      const isFar =
        Math.abs(word.length - typo.length) > maxDistance ||
        bits(letters ^ others) > 2 * maxDistance;
      const edits = isFar ? maxDistance + 1 : distance(typo, word);
      return edits === 0 || edits > maxDistance ? [] : [{ word, edits }];
    });
    const words = similar.map(({ word }) => word);
    // Asking the dictionary takes long, and common words are meant more often.
    return similar.some(({ edits }) => edits === 1)
      ? words
      : [...new Set([...words, ...this.#suggested(typo)])];
  }

  /** Of words with an apostrophe, those of the vocabulary are enough: any word has a possessive. */
  #suggested(typo: string): string[] {
    const suggested = this.#dictionary.suggest(typo).filter((word) => /^\p{L}+$/u.test(word));
    return suggested.map((word) => word.toLowerCase()).filter((word) => word !== typo);
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
