export {
  type TransformerConfig,
  type TransformerConfigInput,
  type TransformerPreset,
  transformerConfigSchema,
  transformerNetworkSchema,
  transformerPresets,
} from "./config.ts";
export type { EncodedSource, TransformerState } from "./state.ts";
export { createTransformer, Transformer } from "./transformer.ts";
