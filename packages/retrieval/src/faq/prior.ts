/** The weights of a matcher before it is trained on its pairs, in the order of `evidence` and `confidenceFeatures`. */
export interface Prior {
  readonly head: readonly number[];
  readonly calibration: readonly number[];
}

/**
 * Fitted to rewordings of other questions: `pnpm --filter @attend/benchmarks faq-prior`. Questions that are
 * taught word for word, refusals and swapped words are too rare there; their weights are chosen.
 */
const minilm: Prior = {
  head: [3.76, 6.55, 5.98, 1.33, 5, -3, -3],
  calibration: [0.31, 1.73, -2, -2, -1.84],
};

const ofStatic: Prior = {
  head: [3.24, 10.06, 2.47, 0.9, 5, -3, -3],
  calibration: [0.33, 1.6, -2, -2, -1.98],
};

const priors: Readonly<Record<string, Prior>> = { minilm, static: ofStatic };

export function priorOf(encoder: string): Prior {
  return priors[encoder] ?? minilm;
}
