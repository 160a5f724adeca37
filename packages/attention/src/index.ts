export { type AttentionResult, attend, attendFused, attendShared } from "./attend.ts";
export { hardAttend } from "./hard-attend.ts";
export { lengthMask, maskLogits } from "./mask.ts";
export {
  MultiHeadAttention,
  type MultiHeadConfig,
  type MultiHeadOptions,
} from "./multi-head/multi-head-attention.ts";
export { coverageLoss, doublyStochasticPenalty } from "./penalties.ts";
export { CoverageAttention } from "./recurrent/coverage-attention.ts";
export {
  type AttentionScope,
  attentionScopes,
  createRecurrentAttention,
  type RecurrentAttentionConfig,
} from "./recurrent/create.ts";
export { GlobalAttention } from "./recurrent/global-attention.ts";
export { LocalMonotonicAttention, LocalPredictiveAttention } from "./recurrent/local-attention.ts";
export { MonotonicAttention } from "./recurrent/monotonic-attention.ts";
export {
  type AttentionMemory,
  type AttentionWeights,
  gatherMemory,
  RecurrentAttention,
  type RecurrentAttentionOptions,
  type RecurrentAttentionState,
} from "./recurrent/recurrent-attention.ts";
export { AdditiveScore } from "./scores/additive-score.ts";
export { createScore, type ScoreName, scoreNames } from "./scores/create.ts";
export { DotScore, GeneralScore, PlainDotScore } from "./scores/dot-scores.ts";
export { Score, type ScoreSizes } from "./scores/score.ts";
export { withoutGradient } from "./without-gradient.ts";
