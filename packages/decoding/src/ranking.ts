import type { Hypothesis } from "./decoder.ts";
import { type Path, stepsOf } from "./path.ts";

/** How hypotheses are ranked, and whether they tell where the model looked. */
export interface Ranking {
  readonly lengthPenalty: number;
  readonly coveragePenalty: number;
  readonly attention: boolean;
}

/**
 * The hypothesis that a path is.
 *
 * @param end how the model ended it; absent where it was cut off
 */
export function hypothesisOf(
  last: Path,
  { lengthPenalty, coveragePenalty, attention }: Ranking,
  end?: { logProbability: number; atEnd: Float32Array | undefined },
): Hypothesis {
  const steps = stepsOf(last);
  const looked = steps.flatMap((step) => step.attention ?? []);
  const { logProbability, atEnd } = end ?? { ...last, atEnd: undefined };
  const length = steps.length + (end === undefined ? 0 : 1);
  const score = perLength(logProbability, length, lengthPenalty);
  const all = atEnd === undefined ? looked : [...looked, atEnd];
  return {
    tokens: steps.map(({ token }) => token),
    logProbability,
    score: coveragePenalty === 0 ? score : score + coveragePenalty * coverage(all),
    ended: end !== undefined,
    ...(attention ? { attention: looked } : {}),
  };
}

/** `logProbability / lp(Y)`: the length penalty of Wu et al. 2016, eq. 14, with its alpha. */
export function perLength(logProbability: number, length: number, alpha: number): number {
  return logProbability / ((5 + length) / 6) ** alpha;
}

/**
 * `sum over positions of log(min(sum over steps of attention, 1))`, `cp(X; Y) / beta` of Wu et al. 2016, eq.
 * 14: 0 where all was looked at, and the further below the less. A position that no step gave any weight is
 * padding, and does not count.
 *
 * @param attention of each step, that of the end included, `[positions]`
 */
function coverage(attention: readonly Float32Array[]): number {
  const positions = attention[0]?.length ?? 0;
  let sum = 0;
  for (let position = 0; position < positions; position++) {
    let looked = 0;
    for (const weights of attention) looked += weights[position] ?? 0;
    if (looked > 0) sum += Math.log(Math.min(looked, 1));
  }
  return sum;
}
