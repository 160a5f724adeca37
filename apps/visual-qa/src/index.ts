export {
  Answerer,
  type AnswererOptions,
  type AnswerOutcome,
  type AnswerResult,
  type AskOptions,
  loadAnswerer,
  type Photo,
  type QuestionRow,
} from "./answerer.ts";
export type { AnswererConfig } from "./config.ts";
export type { QuestionOnPhoto } from "./dataset.ts";
export { type AnswerScores, evaluateAnswers } from "./evaluate.ts";
export { type AnswererModel, answerers } from "./model.ts";
export type { PointingScores } from "./pointing.ts";
export type { Answered } from "./probabilities.ts";
export type { Regions } from "./scored.ts";
