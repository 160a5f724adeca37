import type { FaqScores } from "../faq/scores.ts";
import type { IntentScores } from "../intents/scores.ts";
import type { StoryScores } from "../stories/scores.ts";

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

/** The scores of an intent classifier as a table row. */
export function intentRow(scores: IntentScores) {
  const { inScope, accuracy, outOfScope, recall } = scores;
  return {
    ...(inScope > 0 && { "in scope": inScope, accuracy: accuracy.toFixed(4) }),
    ...(outOfScope > 0 && { "out of scope": outOfScope, recall: recall.toFixed(4) }),
  };
}

/** The scores of a bot that answers from stories as a table row. */
export function storyRow({ questions, accuracy, answered, wrong }: StoryScores) {
  return {
    questions,
    accuracy: accuracy.toFixed(4),
    answered: answered.toFixed(4),
    wrong: wrong.toFixed(4),
  };
}
