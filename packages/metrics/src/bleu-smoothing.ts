import type { Matches } from "./bleu-matches.ts";

/**
 * How an n-gram order without any match is scored (Chen & Cherry, 'A Systematic Comparison of
 * Smoothing Techniques for Sentence-Level BLEU', 2014):
 *
 * - `none`: the score is 0;
 * - `floor` (method 1): it counts as a fraction of a match, 0.1 by default;
 * - `add-k` (method 2): k, 1 by default, is added to the matches and totals of every order above 1;
 * - `exp` (method 3): half of one match for the first such order, a quarter for the next, and so on
 *   (NIST's mteval).
 */
export type BleuSmoothing = "none" | "floor" | "add-k" | "exp";

/** `value` applies only to `floor` and `add-k`. */
export interface Smoothing {
  readonly method: BleuSmoothing;
  readonly value: number;
}

/** BLEU and its components, each from 0 to 1. */
export interface SmoothedBleu {
  readonly score: number;
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
}

/**
 * BLEU over n-grams of up to `order` tokens, smoothed as in sacreBLEU.
 *
 * @param effective skips the orders for which the candidate is too short to have an n-gram.
 */
export function smoothBleu(
  matches: Matches,
  order: number,
  { method, value }: Smoothing,
  effective: boolean,
): SmoothedBleu {
  const { length, referenceLength } = matches;
  const brevityPenalty = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  const precisions = Array.from({ length: order }, () => 0);
  // No smoothing applies without at least one matching unigram.
  if (matches.correct[0] === 0) return { score: 0, precisions, brevityPenalty };
  let lengths = 0;
  let divisor = 1;
  for (; lengths < order; lengths++) {
    const added = method === "add-k" && lengths > 0 ? value : 0;
    const correct = matches.correct[lengths]! + added;
    const total = matches.total[lengths]! + added;
    if (total === 0) break;
    if (correct === 0 && method === "exp") divisor *= 2;
    const least = method === "exp" ? 1 / divisor : method === "floor" ? value : 0;
    precisions[lengths] = (correct > 0 ? correct : least) / total;
  }
  const used = effective ? precisions.slice(0, lengths) : precisions;
  const logs = used.reduce((sum, precision) => sum + Math.log(precision), 0);
  return { score: brevityPenalty * Math.exp(logs / used.length), precisions, brevityPenalty };
}
