import { highest } from "@attend/runtime";
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
export const confidenceFeatures = ["score", "share", "refusal", "swapped", "bias"] as const;

/** Only so many pairs are compared word for word. */
const candidates = 50;

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
  const isShown = (wording: number) => !isHidden(wording);
  const mostWords = words.reduce(
    (most, score, i) => (score > most && isShown(i) ? score : most),
    0,
  );
  const ofScore = mostWords === 0 ? 0 : ofWords / mostWords;
  // Tens of thousands of pairs: numbers in arrays, rather than an object each.
  const nearest = new Int32Array(answers.length).fill(-1);
  const scores = new Float64Array(answers.length).fill(Number.NEGATIVE_INFINITY);
  for (const [i, { pair }] of wordings.entries()) {
    const score =
      ofQuestion * (questions[i] ?? 0) + ofJoined * (joined[i] ?? 0) + ofScore * (words[i] ?? 0);
    if (score > (scores[pair] ?? score) && isShown(i)) [scores[pair], nearest[pair]] = [score, i];
  }
  for (const [pair, answer] of answers.entries())
    scores[pair] = (scores[pair] ?? 0) + ofAnswer * answer;
  const [refuses, key] = [isRefusal(text), keyOf(text)];
  return highest(scores, candidates)
    .map((pair) => {
      const wording = nearest[pair] ?? -1;
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

/**
 * Of the best pair, in the order of {@link confidenceFeatures}; `ranked` has at least one. Its share is the logarithm of
 * its probability among all, by the head.
 */
export function confidenceOf(ranked: readonly Candidate[]): number[] {
  const score = ranked[0]?.score ?? 0;
  const share = -Math.log(ranked.reduce((sum, each) => sum + Math.exp(each.score - score), 0));
  const [, , , , , refusal = 0, swapped = 0] = ranked[0]?.features ?? [];
  return [score, share, refusal, swapped, 1];
}
