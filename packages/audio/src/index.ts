export { type MicrophoneOptions, microphone } from "./devices/microphone.ts";
export { play } from "./devices/play.ts";
export { addDeltas } from "./features/deltas.ts";
export type { Features } from "./features/features.ts";
export { type LogMelOptions, LogMelStream, logMel } from "./features/log-mel.ts";
export { type MelFilter, type MelOptions, melFilters } from "./features/mel-filters.ts";
export { type CepstrumOptions, cepstra, mfcc } from "./features/mfcc.ts";
export { type FeatureStatistics, featureStatistics, normalize } from "./features/normalize.ts";
export {
  type ReadOptions,
  readAudio,
  type StreamOptions,
  streamAudio,
} from "./files/read-audio.ts";
export { Resampler, resample } from "./resample/resample.ts";
export type {
  Audio,
  RecognizeOptions,
  Recognizer,
  SayOptions,
  Segment,
  Synthesizer,
} from "./speech.ts";
export { WavWriter } from "./wav/wav-writer.ts";
export { formatWav, writeWav } from "./wav/write.ts";
