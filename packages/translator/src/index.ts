export {
  modelConfigSchema,
  type NetworkConfig,
  networkSchema,
  presetSchema,
  type TranslationModelConfig,
  type VocabularyConfig,
  vocabularySchema,
} from "./config.ts";
export { aboutModel, loadTranslator, type TranslatorOptions } from "./load-translator.ts";
export { type TranslationModel, translators } from "./model.ts";
export { createNetwork, type Network } from "./network.ts";
export { encodeSource, maxLengthOf, sourceBatch } from "./source.ts";
export type { Span, SpanKind } from "./text/spans.ts";
export {
  defaultVocabularySize,
  learnTokenizers,
  parseTokenizers,
  special,
  type Tokenizers,
  tokenizersToJson,
} from "./tokenizers.ts";
export {
  type Alignment,
  type Alternative,
  meanLogProbability,
  type Translation,
} from "./translation.ts";
export { type TranslateOptions, Translator } from "./translator.ts";
