import { checkCorpus, type References, type Sentence } from "./corpus.ts";
import { countNgrams, NgramIndex } from "./ngram-index.ts";

/** The longest n-gram, in tokens. */
export const maxLength = 4;

/** Matching n-grams and all n-grams, indexed by order minus one, and the lengths of the texts. */
export interface Matches {
  readonly correct: readonly number[];
  readonly total: readonly number[];
  readonly length: number;
  readonly referenceLength: number;
}

export function matchCorpus<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
): Matches[] {
  checkCorpus(candidates, references);
  return candidates.map((candidate, image) => match(candidate, references[image]!));
}

/** Clips the count of each n-gram to its highest count in any single reference. */
export function match<Token extends string | number>(
  candidate: Sentence<Token>,
  references: readonly Sentence<Token>[],
): Matches {
  const index = new NgramIndex<Token>(maxLength);
  const candidateCounts = countNgrams(index, candidate);
  const correct = new Map<number, number>();
  for (const reference of references) {
    for (const [ngram, times] of countNgrams(index, reference)) {
      const clipped = Math.min(candidateCounts.get(ngram) ?? 0, times);
      if (clipped > (correct.get(ngram) ?? 0)) correct.set(ngram, clipped);
    }
  }
  const { length } = candidate;
  const orders = Array.from({ length: maxLength }, (_, order) => order);
  const correctByOrder = orders.map(() => 0);
  for (const [ngram, times] of correct) correctByOrder[index.orders[ngram]!]! += times;
  return {
    correct: correctByOrder,
    total: orders.map((order) => Math.max(length - order, 0)),
    length,
    referenceLength: nearest(
      length,
      references.map((reference) => reference.length),
    ),
  };
}

/** The length closest to `length`; the shorter one on a tie. */
function nearest(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, other) => {
    const gain = Math.abs(best - length) - Math.abs(other - length);
    return gain > 0 || (gain === 0 && other < best) ? other : best;
  });
}

export function sumMatches(matches: readonly Matches[]): Matches {
  const total = (get: (one: Matches) => number) => matches.reduce((n, one) => n + get(one), 0);
  return {
    correct: matches[0]!.correct.map((_, order) => total((one) => one.correct[order]!)),
    total: matches[0]!.total.map((_, order) => total((one) => one.total[order]!)),
    length: total((one) => one.length),
    referenceLength: total((one) => one.referenceLength),
  };
}
