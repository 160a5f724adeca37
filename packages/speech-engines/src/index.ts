export type { EngineKind } from "./catalog.ts";
export type { EngineChoice, Install } from "./choose-engine.ts";
export { type EngineInfo, engines } from "./engines.ts";
export { type InstallOptions, installEngine } from "./install/install-engine.ts";
export { loadRecognizer, type RecognizerChoice } from "./recognizers/load-recognizer.ts";
export { loadSynthesizer } from "./synthesizers/load-synthesizer.ts";
export { loadVoiceActivity } from "./voice/load-voice-activity.ts";
export {
  type SegmentOptions,
  type SpeechSegment,
  speechSegments,
} from "./voice/speech-segments.ts";
export { listeningRate, type VoiceActivity } from "./voice/voice-activity.ts";
