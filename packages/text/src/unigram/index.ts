export { learnUnigram, type UnigramOptions } from "./learn.ts";
export { parseUnigram } from "./parse.ts";
export { type SampleOptions, Unigram, type UnigramJson } from "./unigram.ts";
