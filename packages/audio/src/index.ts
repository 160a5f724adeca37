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
export { writeWav } from "./wav/write.ts";
