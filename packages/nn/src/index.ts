export { averageWeights } from "./average.ts";
export { type CtcOptions, ctcLoss, ctcSteps } from "./ctc-loss.ts";
export { dropout, uniformTensor } from "./dropout.ts";
export { fingerprint } from "./fingerprint.ts";
export { decodeFloat16, encodeFloat16 } from "./float16.ts";
export * from "./initializers.ts";
export { Embedding, LayerNorm, Linear, ScaledEmbedding } from "./layers.ts";
export { learnedPositions } from "./learned-positions.ts";
export { crossEntropy, softCrossEntropy, symmetricDivergence } from "./losses.ts";
export { buffer, isBuffer, Module, type Parameter, parameter } from "./module.ts";
export {
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  writeSafetensors,
} from "./safetensors.ts";
export { assignWeights, loadWeights, readWeights, saveWeights, setParameter } from "./weights.ts";
