import { commonAnswers, commonestAnswers, padTokens } from "@attend/datasets";
import { normalizeAnswer } from "@attend/metrics";
import { tf } from "@attend/runtime";
import { Words } from "@attend/text";
import type { Question } from "@attend/vqa-fusion";
import type { AnswererTokens } from "./model.ts";

/** A question about a photo, with the answers that people gave. */
export interface QuestionOnPhoto {
  /** The path of the photo. */
  readonly file: string;
  readonly question: string;
  readonly answers: readonly string[];
  /** Where the question comes from. */
  readonly source?: string | undefined;
}

/** A question as numbers. */
export interface Example {
  /** The index of its photo in {@link Examples}' `files`. */
  readonly photo: number;
  readonly words: readonly number[];
  /** The class of its most common answer. */
  readonly answer: number;
}

/** Questions as numbers, and their photos. */
export interface Examples {
  readonly files: readonly string[];
  readonly examples: readonly Example[];
  /** Questions whose answer is not a class. */
  readonly unanswerable: number;
}

/** The answer that most people gave, in the form in which answers are compared. */
export function answerOf({ answers }: Pick<QuestionOnPhoto, "answers">): string {
  return commonestAnswers(answers.map(normalizeAnswer))[0] ?? "";
}

/** The most common answers, as classes. */
export function answerClasses(rows: readonly QuestionOnPhoto[], count: number): string[] {
  const each = rows.map((row) => ({ answers: [answerOf(row)] }));
  return commonAnswers(each, { count }).map(({ answer }) => answer);
}

/** The class of each question's most common answer; undefined if it is not a class. */
export function classesOf(
  rows: readonly QuestionOnPhoto[],
  { answers }: Pick<AnswererTokens, "answers">,
): (number | undefined)[] {
  const classOf = new Map(answers.map((answer, index) => [answer, index]));
  return rows.map((row) => classOf.get(answerOf(row)));
}

/** Encodes questions; skips those whose answer is not a class. */
export function encodeQuestions(
  rows: readonly QuestionOnPhoto[],
  tokens: AnswererTokens,
  maxWords: number,
): Examples {
  const files = [...new Set(rows.map(({ file }) => file))];
  const photoOf = new Map(files.map((file, index) => [file, index]));
  const classes = classesOf(rows, tokens);
  const examples = rows.flatMap((row, index) => {
    const answer = classes[index];
    if (answer === undefined) return [];
    const words = encodeQuestion(row.question, tokens, maxWords);
    return [{ photo: photoOf.get(row.file) ?? 0, words, answer }];
  });
  return { files, examples, unanswerable: rows.length - examples.length };
}

/** The words of a question, at most `maxWords`; a question without words is an unknown word. */
export function encodeQuestion(
  question: string,
  { words }: AnswererTokens,
  maxWords: number,
): number[] {
  const ids = words.encode(question).slice(0, maxWords);
  return ids.length > 0 ? ids : [Words.special.unknown ?? 0];
}

/** Questions side by side; the caller disposes `tokens`. */
export function questionBatch(questions: readonly (readonly number[])[]): Question {
  const { ids, lengths, steps } = padTokens(questions, { padId: Words.special.pad });
  return { tokens: tf.tensor2d(ids, [questions.length, steps], "int32"), lengths };
}
