import { dot } from "../fit-choices.ts";
import { isRefusal } from "../text/refusal.ts";
import { areSwapped } from "../text/swapped.ts";
import { keyOf, type Wording } from "./pairs.ts";

/** What speaks for a pair: cosines, words, the very same wording; and two signs of the opposite. */
export const evidence = [
  ...["question", "joined", "answer", "words", "exact"],
  ...["refusal", "swapped"],
] as const;

/** What tells how likely the best pair is right. */
export const confidenceFeatures = ["score", "margin", "refusal", "swapped", "bias"] as const;

/** Only so many pairs are compared word for word. */
const candidates = 50;
/** A larger difference from the second pair says no more. */
const maxMargin = 4;

/** A question's likeness to all pairs. */
export interface Likeness {
  readonly text: string;
  /** Cosines with each wording, and with each wording joined to its answer. */
  readonly questions: Float32Array;
  readonly joined: Float32Array;
  /** Cosines with each pair's answer. */
  readonly answers: Float32Array;
  /** BM25 of each wording with its answer. */
  readonly words: Float32Array;
}

export interface Candidate {
  readonly pair: number;
  /** The index of the wording that is nearest. */
  readonly wording: number;
  /** In the order of {@link evidence}. */
  readonly features: readonly number[];
  readonly score: number;
}

/**
 * The likeliest pairs, best first.
 *
 * @param isHidden leaves out wordings, to find out how a question is answered without them
 */
export function rank(
  { text, questions, joined, answers, words }: Likeness,
  wordings: readonly Wording[],
  weights: readonly number[],
  isHidden: (wording: number) => boolean = () => false,
): Candidate[] {
  const [ofQuestion = 0, ofJoined = 0, ofAnswer = 0, ofWords = 0] = weights;
  let mostWords = 0;
  for (const [i, score] of words.entries()) {
    if (score > mostWords && !isHidden(i)) mostWords = score;
  }
  const ofScore = mostWords === 0 ? 0 : ofWords / mostWords;
  const best = new Map<number, { wording: number; score: number }>();
  for (const [i, { pair }] of wordings.entries()) {
    if (isHidden(i)) continue;
    const score =
      ofQuestion * (questions[i] ?? 0) + ofJoined * (joined[i] ?? 0) + ofScore * (words[i] ?? 0);
    const before = best.get(pair);
    if (before === undefined || score > before.score) best.set(pair, { wording: i, score });
  }
  const sums = Array.from(best, ([pair, { wording, score }]) => ({
    pair,
    wording,
    sum: score + ofAnswer * (answers[pair] ?? 0),
  }));
  const [refuses, key] = [isRefusal(text), keyOf(text)];
  return sums
    .sort((a, b) => b.sum - a.sum)
    .slice(0, candidates)
    .map(({ pair, wording }) => {
      const taught = wordings[wording]?.text ?? "";
      const features = [
        questions[wording] ?? 0,
        joined[wording] ?? 0,
        answers[pair] ?? 0,
        mostWords === 0 ? 0 : (words[wording] ?? 0) / mostWords,
        Number(keyOf(taught) === key),
        Number(refuses !== isRefusal(taught)),
        Number(areSwapped(text, taught)),
      ];
      return { pair, wording, features, score: dot(features, weights) };
    })
    .sort((a, b) => b.score - a.score);
}

/** Of the best pair, in the order of {@link confidenceFeatures}; `ranked` has at least one. */
export function confidenceOf([first, second]: readonly Candidate[]): number[] {
  const score = first?.score ?? 0;
  const margin = Math.min(score - (second?.score ?? Number.NEGATIVE_INFINITY), maxMargin);
  const [, , , , , refusal = 0, swapped = 0] = first?.features ?? [];
  return [score, margin, refusal, swapped, 1];
}
