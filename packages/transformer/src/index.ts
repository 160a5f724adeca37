export {
  type TransformerConfig,
  type TransformerPreset,
  transformerConfigSchema,
  transformerPresets,
} from "./config.ts";
export type { EncodedSource, TransformerState } from "./state.ts";
export { createTransformer, Transformer } from "./transformer.ts";
