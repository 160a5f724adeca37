export {
  AttentionDecoder,
  type AttentionState,
  createAttentionDecoder,
  dropChannels,
  type Encoding,
} from "./attention-decoder.ts";
export {
  type AttentionDecoderConfig,
  type AttentionDecoderConfigInput,
  attentionDecoderConfigSchema,
} from "./attention-decoder-config.ts";
