import { AttendError } from "@attend/runtime/errors";
import { type AnswerScores, scoreAnswers } from "./answers.ts";
import { normalizeAnswer, trimAnswer } from "./normalize-answer.ts";
import { scoresByType, type TypeScore } from "./scores-by-type.ts";

/** What people answered to a question; VQA asks ten of them. */
export interface ConsensusReference {
  readonly answers: readonly string[];
  /** For example `yes/no`, `number` or `other`. */
  readonly answerType?: string;
  /** For example `what color is the`. */
  readonly questionType?: string;
}

/** Consensus accuracy, 0 to 1; questions without a type are left out of the accuracies by type. */
export interface VqaAccuracy extends AnswerScores {
  readonly byAnswerType: Readonly<Record<string, TypeScore>>;
  readonly byQuestionType: Readonly<Record<string, TypeScore>>;
}

/**
 * The consensus accuracy of VQA (Antol et al., 'VQA: Visual Question Answering', 2015;
 * Goyal et al. 2017): min(n / 3, 1), where n people gave the answer, averaged over the subsets of
 * people that leave out one of them. Equal to GT-Vision-Lab/VQA's vqaEval.py (its version of March
 * 2021): answers are compared after {@link normalizeAnswer}, unless all people gave the same one.
 *
 * @throws AttendError BAD_DATA if there are no questions, the numbers of hypotheses and references
 * differ, or fewer than two people answered a question.
 */
export function vqaAccuracy(
  hypotheses: readonly string[],
  references: readonly ConsensusReference[],
): VqaAccuracy {
  const scores = scoreAnswers(hypotheses, references, (hypothesis, { answers }, question) => {
    if (answers.length < 2) {
      throw new AttendError(
        "BAD_DATA",
        `question ${question} (counted from 0) has ${answers.length} answers; consensus takes at least 2, usually 10; use accuracy for single answers`,
      );
    }
    return consensus(hypothesis, answers);
  });
  const { perQuestion } = scores;
  return {
    ...scores,
    byAnswerType: scoresByType(
      perQuestion,
      references.map(({ answerType }) => answerType),
    ),
    byQuestionType: scoresByType(
      perQuestion,
      references.map(({ questionType }) => questionType),
    ),
  };
}

function consensus(hypothesis: string, references: readonly string[]): number {
  const given = references.map(trimAnswer);
  const normalize = new Set(given).size > 1 ? normalizeAnswer : trimAnswer;
  const answer = normalize(hypothesis);
  const people = given.length;
  const agree = given.filter((each) => normalize(each) === answer).length;
  // Leaving out one who agrees, or one who does not.
  const withoutOne = agree * Math.min((agree - 1) / 3, 1);
  return (withoutOne + (people - agree) * Math.min(agree / 3, 1)) / people;
}
