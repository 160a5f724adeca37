export type { Change } from "./draft.ts";
export { loadRepairer, type RepairerOptions } from "./load.ts";
export { writeFigures } from "./numbers/write-figures.ts";
export {
  type Heard,
  type Repaired,
  Repairer,
  type RepairOptions,
  type RepairStages,
} from "./repairer.ts";
export { restoredMarks, scoreTexts, type TextScores } from "./score-texts.ts";
export type { StreamedSentence, StreamOptions } from "./stream.ts";
