export * from "./answers/index.ts";
export { type Bleu, scoreBleu, scoreCorpusBleu } from "./bleu.ts";
export type { BleuSmoothing } from "./bleu-smoothing.ts";
export * from "./calibration/index.ts";
export * from "./caption-faults/index.ts";
export { type CiderScorer, type CiderVariant, createCiderScorer, scoreCider } from "./cider.ts";
export type { References, Sentence } from "./corpus.ts";
export { distinctNgrams } from "./distinct.ts";
export { characterErrorRate, type ErrorRate, wordErrorRate } from "./error-rate.ts";
export { type CaptionScores, evaluateCaptions } from "./evaluate-captions.ts";
export { functionWords } from "./function-words.ts";
export {
  type Box,
  type GroundingAccuracy,
  groundingAccuracy,
  type PointingExample,
} from "./grounding-accuracy.ts";
export { scoreMeteor } from "./meteor.ts";
export { type MarkScore, type PunctuationScores, scorePunctuation } from "./punctuation.ts";
export { hitRate, meanReciprocalRank } from "./ranking.ts";
export { scoreRougeL } from "./rouge.ts";
export * from "./translation/index.ts";
