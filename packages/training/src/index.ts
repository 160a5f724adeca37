export {
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
  trainingConfigWatching,
} from "./config.ts";
export { ownRows } from "./divide.ts";
export type { RunEvent, TrainingEvent, TrainingPaths, TrainingResult } from "./events.ts";
export { requireFreeFolder } from "./folder.ts";
export { type LogEntry, readLog } from "./log.ts";
export { contentHash, type Origin } from "./origin.ts";
export {
  type RunArguments,
  type RunOptions,
  type RunResult,
  runTraining,
  type Stage,
  type StageResult,
  type StartedStage,
} from "./run-training.ts";
export { randomFor } from "./seeded.ts";
export { createSlot, type Slot } from "./slot.ts";
export type {
  Carried,
  Loss,
  ShowExamples,
  TrainingTask,
  Validate,
  ValidationExample,
} from "./task.ts";
export { type TrainOptions, train } from "./train.ts";
export { shownExamples } from "./validation.ts";
