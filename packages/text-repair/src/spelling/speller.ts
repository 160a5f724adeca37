import type { Edit } from "../draft.ts";
import type { Vocabulary } from "../tagger/vocabulary.ts";
import { keyOf, type Word } from "../words/words.ts";
import { CandidateFinder } from "./candidates.ts";
import type { Dictionary } from "./dictionary.ts";
import { EditModel } from "./edit-model.ts";
import { LanguageModel } from "./language-model.ts";

/**
 * The logarithm of the probability that an unknown word is meant as it is, as names are: a constant, and more for each
 * letter. Both are chosen on words that people misspelled and on those that they did not.
 */
const asItIs = { word: -9, letter: -1.2 };
/** The best candidate must be this much more probable than the next one, as a logarithm. */
const margin = 1.5;
/** The logarithm of the probability of a word that another hypothesis has instead. */
const heardInstead = -3;
/** The logarithm of the probability that a space is left out. */
const missingSpace = -6;
/** A shorter word says too little. */
const minLength = 3;

/**
 * Corrects words that a dictionary does not know: the most probable word given what was written and the words beside it
 * (a noisy channel, Kernighan, Church & Gale 1990; Mays, Damerau & Mercer 1991), if that is more probable than a name or
 * the like. Words of the dictionary, names, and words with capitals or digits are never changed.
 */
export class Speller {
  readonly #dictionary: Dictionary;
  readonly #vocabulary: Vocabulary;
  readonly #finder: CandidateFinder;
  readonly #edits: EditModel;
  readonly #language: LanguageModel;
  readonly #found = new Map<string, readonly string[]>();

  constructor(dictionary: Dictionary, vocabulary: Vocabulary) {
    this.#dictionary = dictionary;
    this.#vocabulary = vocabulary;
    this.#finder = new CandidateFinder(dictionary, vocabulary);
    this.#edits = new EditModel(vocabulary.json.edits);
    this.#language = new LanguageModel(vocabulary);
  }

  /**
   * The corrections of a sentence's words.
   *
   * @param instead what other hypotheses of a recognizer have in place of a word, given its index
   */
  correct(
    words: readonly Word[],
    instead: (index: number) => readonly string[] = () => [],
  ): Edit[] {
    const edits: Edit[] = [];
    let before: string | undefined;
    for (const [i, word] of words.entries()) {
      const others = instead(i)
        .map(keyOf)
        .filter((each) => this.#isKnown(each));
      const best = this.#mayCorrect(word, i === 0)
        ? this.correction(word.key, { before, after: words[i + 1]?.key, others })
        : undefined;
      if (best !== undefined) {
        const isCapitalized = /^\p{Lu}/u.test(word.text);
        const to = isCapitalized ? best.charAt(0).toUpperCase() + best.slice(1) : best;
        edits.push({ start: word.start, end: word.end, to, reason: "spelling" });
      }
      before = best?.split(" ").at(-1) ?? word.key;
    }
    return edits;
  }

  /**
   * What was meant by a word that is not known, in lower case; undefined if that is not clear.
   *
   * @param context the words beside it, and candidates from elsewhere
   */
  correction(
    typo: string,
    {
      before,
      after,
      others = [],
    }: {
      before?: string | undefined;
      after?: string | undefined;
      others?: readonly string[];
    } = {},
  ): string | undefined {
    const fit = (first: string, last: string) =>
      this.#language.logProbability(first, before) +
      (after === undefined ? 0 : this.#language.logProbability(after, last));
    const candidates = [
      ...this.#candidates(typo).map((word) => {
        return { to: word, score: this.#edits.logProbability(typo, word) + fit(word, word) };
      }),
      ...others.map((word) => ({ to: word, score: heardInstead + fit(word, word) })),
      ...this.#halves(typo).map(([first, second]) => {
        const score =
          missingSpace + this.#language.logProbability(second, first) + fit(first, second);
        return { to: `${first} ${second}`, score };
      }),
    ].sort((a, b) => b.score - a.score);
    const [best, next] = candidates;
    if (best === undefined) return undefined;
    const unknown = after === undefined ? 0 : this.#language.logProbability(after, undefined);
    const least = asItIs.word + asItIs.letter * typo.length + unknown;
    const isClear = next === undefined || best.score - next.score >= margin || next.to === best.to;
    return best.score > least && isClear ? best.to : undefined;
  }

  #mayCorrect({ text, key }: Word, isFirst: boolean): boolean {
    const isPlain =
      /^\p{Ll}[\p{Ll}'’]*$/u.test(text) || (isFirst && /^\p{Lu}\p{Ll}[\p{Ll}'’]*$/u.test(text));
    return isPlain && key.length >= minLength && !this.#isKnown(key);
  }

  #isKnown(key: string): boolean {
    return this.#vocabulary.isName(key) || this.#dictionary.knows(key.replace(/'s$/, ""));
  }

  #candidates(typo: string): readonly string[] {
    const found = this.#found.get(typo) ?? this.#finder.find(typo);
    this.#found.set(typo, found);
    return found;
  }

  /** Two words that may have been written as one: `alot`. */
  #halves(typo: string): (readonly [string, string])[] {
    return Array.from(
      { length: typo.length - 1 },
      (_, i) => [typo.slice(0, i + 1), typo.slice(i + 1)] as const,
    ).filter(([first, second]) => this.#language.follows(second, first));
  }
}
