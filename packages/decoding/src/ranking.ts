import type { Hypothesis } from "./decoder.ts";
import { type Path, stepsOf } from "./path.ts";

/** How hypotheses are ranked, and whether they include attention. */
export interface Ranking {
  readonly lengthPenalty: number;
  readonly coveragePenalty: number;
  readonly attention: boolean;
}

/**
 * Converts a path to a hypothesis.
 *
 * @param end the result of the end token; absent if the path was cut off
 */
export function hypothesisOf(
  last: Path,
  { lengthPenalty, coveragePenalty, attention }: Ranking,
  end?: { logProbability: number; atEnd: Float32Array | undefined },
): Hypothesis {
  const steps = stepsOf(last);
  const weights = steps.flatMap((step) => step.attention ?? []);
  const { logProbability, atEnd } = end ?? { ...last, atEnd: undefined };
  const length = steps.length + (end === undefined ? 0 : 1);
  const score = perLength(logProbability, length, lengthPenalty);
  const all = atEnd === undefined ? weights : [...weights, atEnd];
  return {
    tokens: steps.map(({ token }) => token),
    logProbability,
    score: coveragePenalty === 0 ? score : score + coveragePenalty * coverage(all),
    ended: end !== undefined,
    ...(attention ? { attention: weights } : {}),
  };
}

/** `logProbability / lp(Y)`, with the length penalty of Wu et al. 2016, eq. 14. */
export function perLength(logProbability: number, length: number, alpha: number): number {
  return logProbability / ((5 + length) / 6) ** alpha;
}

/**
 * `sum over positions of log(min(sum over steps of attention, 1))`, `cp(X; Y) / beta` of Wu et al.
 * 2016, eq. 14: 0 if all positions are covered, or else negative. A position without any weight is
 * padding and is ignored.
 *
 * @param attention of each step including the end, `[positions]`
 */
function coverage(attention: readonly Float32Array[]): number {
  const positions = attention[0]?.length ?? 0;
  let sum = 0;
  for (let position = 0; position < positions; position++) {
    let covered = 0;
    for (const weights of attention) covered += weights[position] ?? 0;
    if (covered > 0) sum += Math.log(Math.min(covered, 1));
  }
  return sum;
}
