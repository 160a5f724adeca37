export {
  type GradientOptions,
  type GradientOptionsInput,
  networkKinds,
  startScales,
  type TaskName,
} from "./config.ts";
export {
  type GradientStudy,
  type Measured,
  type Start,
  type StudyOptions,
  studyGradients,
} from "./experiment.ts";
export { writeStudy } from "./present/output.ts";
export { type Summary, summarize, type ThroughTime, throughTime } from "./present/report.ts";
export {
  type AddingSequences,
  addingSequences,
  addingTask,
  type CopySequences,
  copySequences,
  copyTask,
  type SequenceTask,
  type TaskBatch,
} from "./tasks/index.ts";
