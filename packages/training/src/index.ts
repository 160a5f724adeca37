export {
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
  trainingConfigWatching,
} from "./config.ts";
export type { TrainingEvent, TrainingPaths, TrainingResult } from "./events.ts";
export { requireUntaken } from "./folder.ts";
export { type LogEntry, readLog } from "./log.ts";
export { requireOrigin } from "./origin.ts";
export { randomFor } from "./seeded.ts";
export { createSlot, type Slot } from "./slot.ts";
export type { Loss, TrainingTask } from "./task.ts";
export { type TrainOptions, train } from "./train.ts";
