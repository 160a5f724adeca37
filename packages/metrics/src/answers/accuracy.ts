import { type AnswerScores, scoreAnswers } from "./answers.ts";
import { normalizeAnswer } from "./normalize-answer.ts";

/**
 * The fraction of answers that equal the reference after {@link normalizeAnswer}.
 *
 * @throws AttendError BAD_DATA if there are no questions, or the numbers of hypotheses and
 * references differ.
 */
export function accuracy(
  hypotheses: readonly string[],
  references: readonly string[],
): AnswerScores {
  return scoreAnswers(hypotheses, references, (hypothesis, reference) =>
    normalizeAnswer(hypothesis) === normalizeAnswer(reference) ? 1 : 0,
  );
}
