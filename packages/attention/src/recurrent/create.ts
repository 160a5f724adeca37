import { AttendError, type Random } from "@attend/runtime";
import { AdditiveScore } from "../scores/additive-score.ts";
import { createScore, type ScoreName } from "../scores/create.ts";
import type { ScoreSizes } from "../scores/score.ts";
import { CoverageAttention } from "./coverage-attention.ts";
import { GlobalAttention } from "./global-attention.ts";
import { LocalMonotonicAttention, LocalPredictiveAttention } from "./local-attention.ts";
import { MonotonicAttention } from "./monotonic-attention.ts";
import type { RecurrentAttention } from "./recurrent-attention.ts";

/** The positions a query may attend to: all, those near a position (local), or only forward (monotonic). */
export const attentionScopes = ["global", "local-m", "local-p", "monotonic"] as const;

/** One of {@link attentionScopes}. */
export type AttentionScope = (typeof attentionScopes)[number];

/** Options of {@link createRecurrentAttention}. */
export interface RecurrentAttentionConfig {
  readonly score: ScoreName;
  readonly scope?: AttentionScope;
  /** D of the local scopes, in positions. Default 10 (Luong et al. 2015, section 4). */
  readonly window?: number;
  /** The score depends on the sum of the previous weights; only for global additive attention. */
  readonly coverage?: boolean;
}

/**
 * Creates the attention of a recurrent decoder.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_ARGUMENT for an invalid window, sizes that do not match, or coverage with
 *   another score or scope
 */
export function createRecurrentAttention(
  config: RecurrentAttentionConfig,
  sizes: ScoreSizes,
  random: Random | undefined,
): RecurrentAttention {
  const { scope = "global", window = 10, coverage = false } = config;
  const score = createScore(config.score, sizes, random);
  if (coverage) {
    if (!(score instanceof AdditiveScore) || scope !== "global") {
      throw new AttendError(
        "BAD_ARGUMENT",
        `coverage with the score "${config.score}" and the scope "${scope}"; it needs "additive" and "global"`,
      );
    }
    return new CoverageAttention(score, random);
  }
  switch (scope) {
    case "global":
      return new GlobalAttention(score);
    case "local-m":
      return new LocalMonotonicAttention(score, window);
    case "local-p":
      return new LocalPredictiveAttention(score, window, sizes, random);
    case "monotonic":
      return new MonotonicAttention(score);
  }
}
