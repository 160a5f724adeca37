export { listeningRate, type SpeechSegment as Speech } from "@attend/speech-engines";
export { Chain, chainOf, type RunOptions, type StageReport, type Step } from "./chain.ts";
export {
  type ChainScores,
  type EvaluatedRecording,
  scoreChain,
  type TranscriptScores,
} from "./evaluate.ts";
export { type Stage, type StageContext, stageOf } from "./stage.ts";
export { type DetectStageOptions, detectStage } from "./stages/detect.ts";
export { type Heard, type RecognizeStageOptions, recognizeStage } from "./stages/recognize.ts";
export { repairStage } from "./stages/repair.ts";
export { type SayStageOptions, type SpokenSentence, sayStage } from "./stages/say.ts";
export { type Sentence, splitStage } from "./stages/sentences.ts";
export {
  type TranslatedSentence,
  type TranslateStageOptions,
  translateStage,
} from "./stages/translate.ts";
export type { TimedText } from "./subtitles/cues.ts";
export { formatSrt, formatVtt, subtitleFormatOf } from "./subtitles/format.ts";
export { Timeline } from "./timeline.ts";
