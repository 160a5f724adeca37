export { type AveragedModels, averageCommand } from "./average-command.ts";
export { converse } from "./converse.ts";
export { photoExtensions, recordingExtensions } from "./extensions.ts";
export { type ExpandOptions, expandInputs, type Input, streamInputs } from "./inputs.ts";
export { interruptible, onInterrupt } from "./interrupt.ts";
export { groupsOfLines, type Line } from "./lines.ts";
export { noted } from "./noted.ts";
export { decimalNumber, type NumberRange, wholeNumber } from "./numbers.ts";
export {
  addTrainOptions,
  collect,
  decimalOption,
  options,
  overrideTraining,
  pathOption,
  type TrainFlags,
  wholeOption,
} from "./options.ts";
export { writeJsonLine, writeLine, writeNote, writeText } from "./output.ts";
export { type Path, parsePathList } from "./path-list.ts";
export {
  createProgress,
  formatDuration,
  type Progress,
  type ProgressMetrics,
  type ProgressOptions,
} from "./progress.ts";
export { requireWritable } from "./require-writable.ts";
export { runCli, versionOf } from "./run-cli.ts";
export { formatTable, printTable, type Row } from "./table.ts";
export {
  createTrainingProgress,
  type ShownTrainingEvent,
  superviseTraining,
  type TrainingProgress,
} from "./training-progress.ts";
