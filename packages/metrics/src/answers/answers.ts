import { AttendError } from "@attend/runtime/errors";
import { mean } from "../corpus.ts";

/** How good answers are, 0 to 1. */
export interface AnswerScores {
  /** The mean over the questions. */
  readonly score: number;
  readonly perQuestion: readonly number[];
}

/**
 * The score of each answer against its reference, and their mean.
 *
 * @throws AttendError BAD_DATA if there are no questions, or the numbers of hypotheses and
 * references differ.
 */
export function scoreAnswers<Reference>(
  hypotheses: readonly string[],
  references: readonly Reference[],
  score: (hypothesis: string, reference: Reference, question: number) => number,
): AnswerScores {
  if (references.length === 0) {
    throw new AttendError(
      "BAD_DATA",
      "no references were given; pass those of at least one question",
    );
  }
  if (hypotheses.length !== references.length) {
    throw new AttendError(
      "BAD_DATA",
      `${hypotheses.length} hypotheses and ${references.length} references were given; pass one of each per question`,
    );
  }
  const perQuestion = hypotheses.map((answer, i) => score(answer, references[i]!, i));
  return { score: mean(perQuestion), perQuestion };
}
