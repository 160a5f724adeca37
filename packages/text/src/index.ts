export { Bpe, type BpeJson, type BpeSampleOptions } from "./bpe/bpe.ts";
export { type BpeOptions, learnBpe } from "./bpe/learn.ts";
export { Characters, type CharactersJson, learnCharacters } from "./characters.ts";
export { parseTokenizer } from "./parse-tokenizer.ts";
export { type Sentence, splitSentences } from "./sentences.ts";
export type { SubwordOptions } from "./subwords/options.ts";
export type { Normalization } from "./subwords/pretokenize.ts";
export type { Subwords, SubwordsJson } from "./subwords/subwords.ts";
export {
  framingTokens,
  type SpecialTokens,
  type TokenDecoder,
  type Tokenizer,
  type TokenizerJson,
} from "./tokenizer.ts";
export { learnUnigram, type UnigramOptions } from "./unigram/learn.ts";
export { type SampleOptions, Unigram, type UnigramJson } from "./unigram/unigram.ts";
export type { WordPieceJson } from "./wordpiece/json.ts";
export { parseWordPiece } from "./wordpiece/parse.ts";
export { WordPiece, type WordPieceOptions } from "./wordpiece/wordpiece.ts";
export { detokenize } from "./words/detokenize.ts";
export { tokenize } from "./words/tokenize.ts";
export { countWords, fitMinCount, learnWords, Words, type WordsJson } from "./words/words.ts";
