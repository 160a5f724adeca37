export { loadSentenceVectors } from "./load.ts";
export { findMiniLm, loadMiniLm, type MiniLmOptions, miniLmInstallation } from "./mini-lm.ts";
export {
  SentenceEncoder,
  type SentenceEncoderParts,
  type TokenNetwork,
} from "./sentence-encoder.ts";
export { cosine, type EncodeOptions, type SentenceVectors } from "./sentence-vectors.ts";
export { loadStaticVectors, type StaticVectorsOptions } from "./static.ts";
