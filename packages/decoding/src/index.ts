export { type BeamOptions, beamSearch } from "./beam-search.ts";
export type {
  Decoder,
  DecoderState,
  EncoderDecoder,
  Hypothesis,
  SourceBatch,
  SpecialTokens,
} from "./decoder.ts";
export { type Choose, decodeEach, greedily, type SamplingOptions, sampling } from "./sample.ts";
export { suppression } from "./state.ts";
