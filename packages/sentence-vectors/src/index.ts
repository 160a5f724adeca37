export { findMiniLm, loadMiniLm, type MiniLmOptions } from "./mini-lm.ts";
export { cosine, SentenceEncoder, type SentenceOptions } from "./sentence-encoder.ts";
