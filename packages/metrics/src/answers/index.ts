export { accuracy } from "./accuracy.ts";
export { setAccuracy } from "./answer-sets.ts";
export type { AnswerScores } from "./answers.ts";
export { normalizeAnswer } from "./normalize-answer.ts";
export {
  type ConsensusReference,
  type TypeAccuracy,
  type VqaAccuracy,
  vqaAccuracy,
} from "./vqa-accuracy.ts";
