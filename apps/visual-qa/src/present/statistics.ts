import type { QuestionRow, QuestionStatistics } from "@attend/datasets";

/** A question that was made from a caption. */
export interface MadeQuestion extends Pick<QuestionRow, "image" | "question" | "answers"> {
  readonly source: string;
  readonly caption: string;
}

/** Statistics as the rows of tables: all questions, those of each source, and the most common answers. */
export function statisticsTables(of: QuestionStatistics) {
  const share = (count: number) => `${((100 * count) / Math.max(of.rows, 1)).toFixed(1)} %`;
  const counted = (name: string, counts: Iterable<readonly [string, number]>) =>
    [...counts].map(([key, count]) => ({ [name]: key, questions: count, share: share(count) }));
  return [
    [
      {
        questions: of.rows,
        distinct: of.distinctQuestions,
        photos: of.images,
        answers: of.distinctAnswers,
      },
    ],
    counted("source", of.sources),
    counted("type of answer", Object.entries(of.answerTypes)),
    counted(
      "answer",
      of.commonest.map(({ answer, count }) => [answer, count] as const),
    ),
  ];
}

/** A question with its answers and the caption that it was made from, as a line. */
export function madeLine({ source, question, answers, caption }: MadeQuestion): string {
  return `${source}: ${question} ${answers.join("|")} (${caption})`;
}
