import type { Random } from "@attend/runtime";
import { AdditiveScore } from "./additive-score.ts";
import { DotScore, GeneralScore, PlainDotScore } from "./dot-scores.ts";
import type { Score, ScoreSizes } from "./score.ts";

const makers = {
  "scaled-dot": (sizes: ScoreSizes, random: Random | undefined) => new DotScore(sizes, random),
  // In configurations of shipped models "dot" means the scaled one, so Luong's has to be "plain-dot".
  dot: (sizes: ScoreSizes, random: Random | undefined) => new DotScore(sizes, random),
  "plain-dot": (sizes: ScoreSizes) => new PlainDotScore(sizes),
  general: (sizes: ScoreSizes, random: Random | undefined) => new GeneralScore(sizes, random),
  additive: (sizes: ScoreSizes, random: Random | undefined) => new AdditiveScore(sizes, random),
  concat: (sizes: ScoreSizes, random: Random | undefined) => new AdditiveScore(sizes, random),
} as const;

/** One of {@link scoreNames}. */
export type ScoreName = keyof typeof makers;

/** The names of score functions; `dot` is `scaled-dot`, and `concat` is `additive`. */
export const scoreNames = [
  "dot",
  "scaled-dot",
  "plain-dot",
  "general",
  "additive",
  "concat",
] as const satisfies readonly ScoreName[];

/**
 * Creates a score function by name.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_ARGUMENT if the sizes of `plain-dot` differ
 */
export function createScore(name: ScoreName, sizes: ScoreSizes, random: Random | undefined): Score {
  return makers[name](sizes, random);
}
