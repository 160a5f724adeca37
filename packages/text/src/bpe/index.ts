export { Bpe, type BpeDecoder, type BpeJson } from "./bpe.ts";
export { type BpeOptions, learnBpe } from "./learn.ts";
export { parseBpe } from "./parse.ts";
