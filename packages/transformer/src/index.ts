export {
  type LayerConfig,
  type TransformerConfig,
  type TransformerConfigInput,
  type TransformerPreset,
  transformerConfigSchema,
  transformerNetworkSchema,
  transformerPresets,
} from "./config.ts";
export { EncoderLayer } from "./layers.ts";
export { SinusoidalPositions } from "./positions.ts";
export type { EncodedSource, TransformerState } from "./state.ts";
export { createTransformer, Transformer } from "./transformer.ts";
