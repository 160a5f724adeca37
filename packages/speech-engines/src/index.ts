export type { EngineKind } from "./catalog.ts";
export { type EngineInfo, engines } from "./engines.ts";
export { type InstallOptions, installEngine } from "./install/install-engine.ts";
export { loadRecognizer, type RecognizerOptions } from "./recognizers/load-recognizer.ts";
export { loadVoiceActivity } from "./voice/load-voice-activity.ts";
export {
  type SegmentOptions,
  type SpeechSegment,
  speechSegments,
} from "./voice/speech-segments.ts";
export type { VoiceActivity } from "./voice/voice-activity.ts";
