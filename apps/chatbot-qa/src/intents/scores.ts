import { outOfScope } from "@attend/retrieval";

/** How well a classifier finds intents; shares from 0 to 1, NaN if there is nothing to measure. */
export interface IntentScores {
  /** Texts that have an intent, and the share whose intent was found. */
  readonly inScope: number;
  readonly accuracy: number;
  /** Texts out of scope, and the share that was found to be. */
  readonly outOfScope: number;
  readonly recall: number;
}

/** Scores found intents against the expected ones (Larson et al. 2019, 'An Evaluation Dataset for Intent Classification'). */
export function intentScores(
  rows: readonly { readonly expected: string; readonly intent: string }[],
): IntentScores {
  const outside = rows.filter(({ expected }) => expected === outOfScope);
  const inside = rows.filter(({ expected }) => expected !== outOfScope);
  const rightOf = (some: typeof rows) =>
    some.filter(({ expected, intent }) => expected === intent).length / some.length;
  return {
    ...{ inScope: inside.length, accuracy: rightOf(inside) },
    ...{ outOfScope: outside.length, recall: rightOf(outside) },
  };
}
