export {
  type HeadInputs,
  type HeadOptions,
  type Heads,
  multiHeadAttention,
} from "./attention/heads.ts";
export { slotAttention } from "./attention/slot-attention.ts";
export { customGradient, customGradients, isRecording } from "./custom-gradient.ts";
export { type Diagnosis, diagnose, formatDiagnosis } from "./doctor.ts";
export { currentEngine, type EngineOptions, loadEngine } from "./engine.ts";
export { hasFusedKernels } from "./engines/fused-kernels.ts";
export type { Engine, EngineName } from "./engines/loaded-engine.ts";
export { AttendError, type ErrorCode, messageOf, systemCodeOf } from "./errors.ts";
export { type AdamParameter, fusedAdam } from "./fused-adam.ts";
export { highest } from "./highest.ts";
export { fusedAttention, softmaxTopK } from "./inference/attention.ts";
export { hasInferenceKernels } from "./inference/available.ts";
export { type FusedConvolutionOptions, fusedConvolution } from "./inference/convolution.ts";
export {
  type DecoderLayerMemory,
  type DecoderLayerWeights,
  fusedDecoderLayerStep,
} from "./inference/decoder-layer-step.ts";
export {
  type DecoderStepState,
  type DecoderStepWeights,
  fusedDecoderStep,
} from "./inference/decoder-step.ts";
export { type DenseOptions, denseProduct } from "./inference/dense.ts";
export { disposePackedCopy } from "./inference/packed-copies.ts";
export { packedWeights } from "./inference/packing.ts";
export { takeRows, takeRowsOfEach } from "./inference/take-rows.ts";
export {
  type Attribute,
  decodeFloat16OnEngine,
  floatType,
  isNative,
  nativeKernel,
  nativeKernels,
} from "./kernels.ts";
export { disposeAll, type MemoryInfo, memoryInfo, scope } from "./memory.ts";
export type { Precision } from "./precision.ts";
export { createRandom, type Random, type RandomState } from "./random.ts";
export { GRU_GATES, type GruWeights, gruSequence } from "./recurrent/gru.ts";
export { type LstmSequenceWeights, lstmSequence, lstmStep } from "./recurrent/lstm.ts";
export { LSTM_GATES, type LstmState, type LstmWeights } from "./recurrent/lstm-step.ts";
export type { RecurrentKernel } from "./recurrent/products.ts";
export type { SequenceOptions } from "./recurrent/step-loop.ts";
export { type VanillaOptions, type VanillaWeights, vanillaSequence } from "./recurrent/vanilla.ts";
export { fusedCrossEntropy } from "./rows/cross-entropy.ts";
export { fusedDropout } from "./rows/dropout.ts";
export { fusedLayerNorm } from "./rows/layer-norm.ts";
export { tf } from "./tf.ts";
export { yieldTurn } from "./turn.ts";
export { variableGrads } from "./variable-grads.ts";
