import type { FaqScores } from "../faq/scores.ts";

/** The scores of a FAQ bot as a table row; those of questions that the test does not have are left out. */
export function faqRow(scores: FaqScores) {
  const { questions, unanswerable } = scores;
  return {
    ...(questions > 0 && {
      questions,
      "hit@1": scores.hit1.toFixed(3),
      "hit@3": scores.hit3.toFixed(3),
      MRR: scores.mrr.toFixed(3),
      answered: scores.answered.toFixed(3),
      wrong: scores.wrong.toFixed(3),
    }),
    ...(unanswerable > 0 && { unanswerable, "made up": scores.madeUp.toFixed(3) }),
  };
}
