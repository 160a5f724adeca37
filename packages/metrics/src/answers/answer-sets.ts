import { trimEnd, trimStart } from "../translation/white-space.ts";
import { type AnswerScores, scoreAnswers } from "./answers.ts";

/** How much one answer is worth for another, 0 to 1. */
export type AnswerMeasure = (a: string, b: string) => number;

/**
 * Answers that are comma-separated lists ("chair, table"), compared as fuzzy sets (Malinowski &
 * Fritz, 'A Multi-World Approach to Question Answering about Real-World Scenes', 2014, equation 2):
 * the smaller of how well the hypothesis's items are in the reference and the reverse, each a
 * product over the items of the best measure. As in the authors' script, an item that is listed
 * twice counts twice.
 */
export function scoreSets(
  hypotheses: readonly string[],
  references: readonly string[],
  measure: AnswerMeasure,
): AnswerScores {
  return scoreAnswers(hypotheses, references, (hypothesis, reference) => {
    const given = itemsOf(hypothesis);
    const expected = itemsOf(reference);
    return Math.min(membership(given, expected, measure), membership(expected, given, measure));
  });
}

/**
 * The accuracy of DAQUAR (Malinowski & Fritz 2014): the fraction of answers whose comma-separated
 * items are the reference's, in any order. Items are compared as they are, without normalization.
 *
 * @throws AttendError BAD_DATA if there are no questions, or the numbers of hypotheses and
 * references differ.
 */
export function setAccuracy(
  hypotheses: readonly string[],
  references: readonly string[],
): AnswerScores {
  return scoreSets(hypotheses, references, (a, b) => (a === b ? 1 : 0));
}

function itemsOf(answer: string): string[] {
  return answer.split(",").map((item) => trimStart(trimEnd(item)));
}

function membership(
  items: readonly string[],
  set: readonly string[],
  measure: AnswerMeasure,
): number {
  return items.reduce(
    (product, item) => product * Math.max(...set.map((other) => measure(item, other))),
    1,
  );
}
