export {
  AttentionDecoder,
  type AttentionState,
  createAttentionDecoder,
  type Encoding,
} from "./attention-decoder.ts";
export {
  type AttentionDecoderConfig,
  attentionDecoderConfigSchema,
} from "./attention-decoder-config.ts";
export { type BeamOptions, beamSearch } from "./beam-search.ts";
export type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
export { type Choose, decodeEach, greedily, type SamplingOptions, sampling } from "./sample.ts";
export { suppression } from "./state.ts";
