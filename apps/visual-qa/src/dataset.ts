import { commonAnswers, commonestAnswers, padTokens } from "@attend/datasets";
import { normalizeAnswer } from "@attend/metrics";
import { tf } from "@attend/runtime";
import { Words } from "@attend/text";
import type { Question } from "@attend/vqa-fusion";
import { sentenceSize, sideBySide } from "./sentences.ts";

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
  readonly question: string;
  readonly words: readonly number[];
  readonly answer: Target;
}

/** What is learned for a question. */
export interface Target {
  /** Classes that are right, or the words of an answer. */
  readonly ids: readonly number[];
  /** How right each class is, 0 to 1. */
  readonly shares: readonly number[];
}

/** Questions as numbers, and their photos. */
export interface Examples {
  readonly files: readonly string[];
  readonly examples: readonly Example[];
  /** Questions with an answer that the model cannot give. */
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

/** The words of which answers consist that occur in at least `minCount` answers, the most common first. */
export function answerWords(rows: readonly QuestionOnPhoto[], minCount: number): string[] {
  const each = rows.flatMap((row) => wordsOf(answerOf(row)).map((word) => ({ answers: [word] })));
  return commonAnswers(each, { minCount }).map(({ answer }) => answer);
}

/** The words of an answer in the form in which answers are compared. */
export function wordsOf(answer: string): string[] {
  return answer.split(" ").filter((word) => word !== "");
}

/**
 * Encodes questions; skips those without a target.
 *
 * @param targetOf what is learned for a question with these answers
 */
export function encodeQuestions(
  rows: readonly QuestionOnPhoto[],
  tokens: { readonly words: Words },
  maxWords: number,
  targetOf: (answers: readonly string[]) => Target | undefined,
): Examples {
  const files = [...new Set(rows.map(({ file }) => file))];
  const photoOf = new Map(files.map((file, index) => [file, index]));
  const examples = rows.flatMap((row) => {
    const answer = targetOf(row.answers);
    if (answer === undefined) return [];
    const words = encodeQuestion(row.question, tokens, maxWords);
    const { question } = row;
    return [{ photo: photoOf.get(row.file) ?? 0, question, words, answer }];
  });
  return { files, examples, unanswerable: rows.length - examples.length };
}

/** The words of a question, at most `maxWords`; a question without words is an unknown word. */
export function encodeQuestion(
  question: string,
  { words }: { readonly words: Words },
  maxWords: number,
): number[] {
  const ids = words.encode(question).slice(0, maxWords);
  return ids.length > 0 ? ids : [Words.special.unknown ?? 0];
}

/** Whether the model knows at least half of a question's words; and what it did not read. */
export function readingOf(
  question: string,
  { words }: { readonly words: Words },
  maxWords: number,
): { isUnderstood: boolean; warning?: string } {
  const ids = words.encode(question);
  const known = ids.filter((id) => id !== Words.special.unknown).length;
  if (known === 0 || 2 * known < ids.length) {
    const warning = `the model knows ${known} of the question's ${ids.length} words; ask with other words, in the language of its questions`;
    return { isUnderstood: false, warning };
  }
  if (ids.length <= maxWords) return { isUnderstood: true };
  const warning = `only the first ${maxWords} of the question's ${ids.length} words were read`;
  return { isUnderstood: true, warning };
}

/**
 * Questions side by side; the caller disposes the tensors.
 *
 * @param sentences their vectors as sentences, if they are read
 */
export function questionBatch(
  questions: readonly (readonly number[])[],
  sentences?: readonly Float32Array[],
): Question {
  const { ids, lengths, steps } = padTokens(questions, { padId: Words.special.pad });
  const rows = questions.length;
  return {
    tokens: tf.tensor2d(ids, [rows, steps], "int32"),
    lengths,
    sentences: sentences && tf.tensor2d(sideBySide(sentences), [rows, sentenceSize]),
  };
}

/** Frees what {@link questionBatch} made. */
export function disposeQuestions({ tokens, sentences }: Question): void {
  tf.dispose([tokens, sentences ?? []]);
}
