export { type CiderScorer, type CiderVariant, createCiderScorer, scoreCider } from "./cider.ts";
export type { References, Sentence } from "./corpus.ts";
