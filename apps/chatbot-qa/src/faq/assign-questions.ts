import type { FaqPair, FaqQuestion } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";

/** A question that is not in the FAQ; `pair` is the index of the one that has its answer, if there is any. */
export interface AssignedQuestion {
  readonly question: string;
  readonly pair: number | undefined;
}

/**
 * Finds the pair that each question is about: the one with its answer, or a wording of it.
 *
 * @param file names the questions in errors
 * @throws AttendError BAD_DATA, naming the line, if the pairs do not have an answer
 */
export function assignQuestions(
  questions: readonly FaqQuestion[],
  pairs: readonly FaqPair[],
  file: string,
): AssignedQuestion[] {
  const known = new Map<string, number>();
  for (const [i, { questions: wordings, answer }] of pairs.entries()) {
    for (const text of [...wordings, answer]) known.set(plain(text), i);
  }
  return questions.map(({ question, answer, line }) => {
    if (answer === undefined) return { question, pair: undefined };
    const pair = known.get(plain(answer));
    if (pair !== undefined) return { question, pair };
    const shown = answer.length > 60 ? `${answer.slice(0, 60)}...` : answer;
    const message = `${file} line ${line}: no pair has the answer ${JSON.stringify(shown)}; give the answer or a question of a pair, or leave it empty if there is none`;
    throw new AttendError("BAD_DATA", message);
  });
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}
