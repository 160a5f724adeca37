export {
  Answerer,
  type AnswererOptions,
  type AnswerOutcome,
  type AnswerResult,
  type AskOptions,
  loadAnswerer,
  type Photo,
  type QuestionRow,
  type Regions,
} from "./answerer.ts";
export type { AnswererConfig } from "./config.ts";
export type { QuestionOnPhoto } from "./dataset.ts";
export { type Answered, type AnswerScores, evaluateAnswers } from "./evaluate.ts";
export { type AnswererModel, answerers } from "./model.ts";
