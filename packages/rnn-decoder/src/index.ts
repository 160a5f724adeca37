export {
  AttentionDecoder,
  type AttentionState,
  createAttentionDecoder,
} from "./attention-decoder.ts";
export {
  type AttentionDecoderConfig,
  type AttentionDecoderConfigInput,
  attentionDecoderConfigSchema,
} from "./attention-decoder-config.ts";
