import type { Random } from "@attend/runtime";
import { AdditiveScore } from "./additive-score.ts";
import { DotScore, GeneralScore, PlainDotScore } from "./dot-scores.ts";
import type { Score, ScoreSizes } from "./score.ts";

const makers = {
  "scaled-dot": (sizes: ScoreSizes, random: Random | undefined) => new DotScore(sizes, random),
  // Configurations of shipped models say "dot" and mean the scaled one, so Luong's has to be "plain-dot".
  dot: (sizes: ScoreSizes, random: Random | undefined) => new DotScore(sizes, random),
  "plain-dot": (sizes: ScoreSizes) => new PlainDotScore(sizes),
  general: (sizes: ScoreSizes, random: Random | undefined) => new GeneralScore(sizes, random),
  additive: (sizes: ScoreSizes, random: Random | undefined) => new AdditiveScore(sizes, random),
  concat: (sizes: ScoreSizes, random: Random | undefined) => new AdditiveScore(sizes, random),
} as const;

/** A score function's name: see {@link scoreNames}. */
export type ScoreName = keyof typeof makers;

/** Every name that {@link createScore} knows; `dot` is `scaled-dot`, and `concat` is `additive`. */
export const scoreNames = [
  "dot",
  "scaled-dot",
  "plain-dot",
  "general",
  "additive",
  "concat",
] as const satisfies readonly ScoreName[];

/**
 * A score by its name.
 *
 * @param random decides the first weights; without it they are zero, for weights that are loaded
 * @throws AttendError BAD_ARGUMENT where `plain-dot` gets sizes that differ
 */
export function createScore(name: ScoreName, sizes: ScoreSizes, random: Random | undefined): Score {
  return makers[name](sizes, random);
}
