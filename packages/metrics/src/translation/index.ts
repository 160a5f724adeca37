export { type ChrfOptions, type ChrfScore, chrfMetric, scoreChrf } from "./chrf.ts";
export { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
export { type PairedBootstrap, pairedBootstrap } from "./paired-bootstrap.ts";
export type { Resampled } from "./resampling.ts";
export {
  bleuMetric,
  type SacreBleuOptions,
  type SacreBleuScore,
  scoreSacreBleu,
  scoreSentenceBleu,
} from "./sacre-bleu.ts";
export { scoreTer, type TerOptions, type TerScore, terMetric } from "./ter.ts";
export { type BleuTokenizer, bleuTokenizerFor, tokenizeForBleu } from "./tokenize.ts";
