import type { Vocabulary } from "../tagger/vocabulary.ts";

/** Of a count, what is given to words that did not follow in training. */
const discount = 0.75;
/** Instead of a count of 0. */
const unseenCount = 0.1;

/** What followed a word in training. */
interface Followers {
  /** How often each word did, by its id. */
  readonly counts: ReadonlyMap<number, number>;
  /** The sum of the counts, discounted. */
  readonly kept: number;
}

/**
 * How probable a word is after another one: bigrams with absolute discounting, which fall back on unigrams (Ney, Essen &
 * Kneser 1994).
 */
export class LanguageModel {
  readonly #vocabulary: Vocabulary;
  readonly #total: number;
  readonly #followers = new Map<number, Followers>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#total = vocabulary.json.counts.reduce((sum, count) => sum + count, 1);
  }

  /** The natural logarithm of the probability of a word after `before`, if that is known. */
  logProbability(word: string, before: string | undefined): number {
    const unigram = (this.#vocabulary.countOf(word) + unseenCount) / this.#total;
    const count = before === undefined ? 0 : this.#vocabulary.countOf(before);
    if (before === undefined || count === 0) return Math.log(unigram);
    const { counts, kept } = this.#followersOf(before);
    const seen = counts.get(this.#vocabulary.idOf(word)) ?? 0;
    return Math.log(Math.max(seen - discount, 0) / count + (1 - kept / count) * unigram);
  }

  /** Whether a word was often seen after another one. */
  follows(word: string, before: string): boolean {
    const id = this.#vocabulary.idOf(word);
    return id > 0 && this.#followersOf(before).counts.has(id);
  }

  #followersOf(word: string): Followers {
    const id = this.#vocabulary.idOf(word);
    const known = this.#followers.get(id);
    if (known !== undefined) return known;
    const row = this.#vocabulary.json.followers[id - 1]?.match(/\d+/g)?.map(Number) ?? [];
    const counts = new Map<number, number>();
    let kept = 0;
    for (let i = 0; i < row.length; i += 2) {
      const count = row[i + 1] ?? 0;
      counts.set(row[i] ?? 0, count);
      kept += count - discount;
    }
    const found = { counts, kept };
    this.#followers.set(id, found);
    return found;
  }
}
