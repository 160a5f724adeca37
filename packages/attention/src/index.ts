export {
  type Attended,
  attend,
  attendShared,
  doublyStochasticPenalty,
  lengthMask,
  maskLogits,
} from "./attend.ts";
export {
  AdditiveScore,
  createScore,
  DotScore,
  type Score,
  type ScoreName,
  type ScoreSizes,
} from "./score.ts";
