export {
  Bpe,
  type BpeDecoder,
  type BpeJson,
  type BpeOptions,
  learnBpe,
  parseBpe,
} from "./bpe/index.ts";
export { detokenize } from "./detokenize.ts";
export { type Sentence, splitSentences } from "./sentences.ts";
export {
  type Normalization,
  parseSubwords,
  type SubwordDecoder,
  type SubwordOptions,
  type Subwords,
  type TokenTableJson,
} from "./subwords/index.ts";
export { tokenize } from "./tokenize.ts";
export {
  learnUnigram,
  parseUnigram,
  type SampleOptions,
  Unigram,
  type UnigramJson,
  type UnigramOptions,
} from "./unigram/index.ts";
export {
  buildVocabulary,
  endId,
  fitMinCount,
  padId,
  parseVocabulary,
  specialTokens,
  startId,
  unknownId,
  Vocabulary,
  type VocabularyJson,
} from "./vocabulary.ts";
