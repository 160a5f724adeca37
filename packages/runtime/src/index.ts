export { customGradient } from "./custom-gradient.ts";
export { type Diagnosis, diagnose, formatDiagnosis } from "./doctor.ts";
export { currentEngine, type Engine, type EngineName, loadEngine } from "./engine.ts";
export { AttendError, type ErrorCode, messageOf, systemCodeOf } from "./errors.ts";
export { type Attribute, floatType, isNative, nativeKernel, nativeKernels } from "./kernels.ts";
export { disposeAll, type MemoryInfo, memoryInfo, scope } from "./memory.ts";
export { createRandom, type Random, type RandomState } from "./random.ts";
export {
  LSTM_GATES,
  type LstmState,
  type LstmWeights,
  lstmSequence,
  lstmStep,
  type SequenceOptions,
} from "./recurrent/lstm.ts";
export { type SummaryWriter, summaryWriter } from "./tensorboard.ts";
export { tf } from "./tf.ts";
