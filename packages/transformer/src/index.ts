export { AdaptiveComputation, type Computed } from "./adaptive-computation.ts";
export {
  Bert,
  type BertConfig,
  type BertConfigInput,
  bertConfigSchema,
  createBert,
} from "./bert.ts";
export {
  type CaptionDecoderConfig,
  type CaptionDecoderConfigInput,
  captionDecoderConfigSchema,
  captionNetworkSchema,
} from "./caption-config.ts";
export { CaptionDecoder, type CaptionState, createCaptionDecoder } from "./caption-decoder.ts";
export {
  type LayerConfig,
  type TransformerConfig,
  type TransformerConfigInput,
  type TransformerPreset,
  transformerConfigSchema,
  transformerNetworkSchema,
  transformerPresets,
} from "./config.ts";
export { bertWeights, parseBertConfig } from "./from-hugging-face.ts";
export { EncoderLayer } from "./layers.ts";
export { SinusoidalPositions } from "./positions.ts";
export type { EncodedSource, TransformerState } from "./state.ts";
export { createTransformer, Transformer } from "./transformer.ts";
export {
  createUniversalTransformer,
  type UniversalEncoding,
  UniversalTransformer,
  type UniversalTransformerConfig,
  type UniversalTransformerConfigInput,
  universalTransformerConfigSchema,
} from "./universal-transformer.ts";
