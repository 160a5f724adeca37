export { accuracy } from "./accuracy.ts";
export { type AnswerMeasure, setAccuracy } from "./answer-sets.ts";
export type { AnswerScores } from "./answers.ts";
export { normalizeAnswer } from "./normalize-answer.ts";
export { scoresByType, type TypeScore } from "./scores-by-type.ts";
export { type ConsensusReference, type VqaAccuracy, vqaAccuracy } from "./vqa-accuracy.ts";
export { loadWuPalmer } from "./wu-palmer.ts";
export { wups } from "./wups.ts";
