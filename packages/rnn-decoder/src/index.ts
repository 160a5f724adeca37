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
