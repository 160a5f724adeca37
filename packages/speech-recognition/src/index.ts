export { evaluateRecognizer, type RecognitionScores } from "./evaluate.ts";
export type { Heatmap } from "./heatmap.ts";
export {
  loadSpeechRecognizer,
  SpeechRecognizer,
  type SpeechRecognizerOptions,
} from "./recognizer.ts";
