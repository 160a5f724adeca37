export {
  Bpe,
  type BpeDecoder,
  type BpeJson,
  type BpeOptions,
  learnBpe,
  type Normalization,
  parseBpe,
} from "./bpe/index.ts";
export { detokenize } from "./detokenize.ts";
export { tokenize } from "./tokenize.ts";
export {
  buildVocabulary,
  endId,
  padId,
  parseVocabulary,
  specialTokens,
  startId,
  unknownId,
  Vocabulary,
  type VocabularyJson,
} from "./vocabulary.ts";
