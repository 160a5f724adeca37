export { AnswerClasses } from "./answers/answer-classes.ts";
export { binaryCrossEntropy } from "./answers/binary-cross-entropy.ts";
export { GeneratedAnswer } from "./answers/generated-answer.ts";
export {
  type FusionConfig,
  type FusionConfigInput,
  fusionConfigSchema,
  sentenceOf,
} from "./config.ts";
export { createFusion } from "./create.ts";
export { type Fused, Fusion, type Image, type Question } from "./fusion.ts";
export { WordGuided } from "./fusions/word-guided.ts";
export type { View } from "./seen.ts";
export { setWordVectors } from "./word-vectors.ts";
