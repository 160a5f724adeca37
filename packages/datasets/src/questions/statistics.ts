import {
  type AnswerType,
  answerType,
  answerTypes,
  commonAnswers,
  commonestAnswers,
} from "./answers.ts";
import type { QuestionRow } from "./question-row.ts";

/** Statistics of a list of questions. */
export interface QuestionStatistics {
  readonly rows: number;
  readonly images: number;
  /** Ignoring case. */
  readonly distinctQuestions: number;
  /** Ignoring case. */
  readonly distinctAnswers: number;
  /** Rows by the type of the answer that most people gave. */
  readonly answerTypes: Readonly<Record<AnswerType, number>>;
  /** Rows by source, if files name them, the most frequent first. */
  readonly sources: ReadonlyMap<string, number>;
  /** The ten most common answers, see `commonAnswers`. */
  readonly commonest: readonly { readonly answer: string; readonly count: number }[];
}

/** Computes statistics of a list of questions; of an empty one, all are 0. */
export function questionStatistics(
  rows: readonly Pick<QuestionRow, "image" | "photo" | "question" | "answers" | "source">[],
): QuestionStatistics {
  const types = new Map<AnswerType, number>(answerTypes.map((type) => [type, 0]));
  const sources = new Map<string, number>();
  const answers = new Set<string>();
  for (const row of rows) {
    for (const answer of row.answers) answers.add(answer.toLowerCase());
    const [answer] = commonestAnswers(row.answers);
    if (answer !== undefined) add(types, answerType(answer));
    if (row.source !== undefined) add(sources, row.source);
  }
  return {
    rows: rows.length,
    images: new Set(rows.map(({ image, photo }) => photo ?? image)).size,
    distinctQuestions: new Set(rows.map(({ question }) => question.toLowerCase())).size,
    distinctAnswers: answers.size,
    answerTypes: {
      "yes/no": types.get("yes/no") ?? 0,
      number: types.get("number") ?? 0,
      other: types.get("other") ?? 0,
    },
    sources: new Map([...sources].sort(([, a], [, b]) => b - a)),
    commonest: commonAnswers(rows, { count: 10 }),
  };
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Formats statistics as lines of text. */
export function formatQuestionStatistics(of: QuestionStatistics): string {
  const number = (value: number) => value.toLocaleString("en");
  const share = (count: number) => `${((100 * count) / Math.max(of.rows, 1)).toFixed(1)}%`;
  const list = (counts: Iterable<readonly [string, number]>) =>
    [...counts].map(([name, count]) => `${name} ${number(count)} (${share(count)})`).join(", ");
  const lines = [
    `${number(of.rows)} questions (${number(of.distinctQuestions)} distinct) about ${number(of.images)} photos, ${number(of.distinctAnswers)} distinct answers`,
    `answers: ${list(Object.entries(of.answerTypes))}`,
    `most common: ${list(of.commonest.map(({ answer, count }) => [answer, count]))}`,
  ];
  if (of.sources.size > 0) lines.push(`sources: ${list(of.sources)}`);
  return lines.join("\n");
}
