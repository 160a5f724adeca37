import { expect, test } from "vitest";
import { curveOf, type Judged, scoresOf } from "../src/faq/scores.ts";

const judged: readonly Judged[] = [
  { rank: 1, isAnswerable: true, confidence: 0.9, confident: true },
  { rank: 3, isAnswerable: true, confidence: 0.8, confident: true },
  { rank: 1, isAnswerable: true, confidence: 0.4, confident: false },
  { rank: undefined, isAnswerable: true, confidence: 0.2, confident: false },
  { rank: undefined, isAnswerable: false, confidence: 0.8, confident: true },
];

test("scores", () => {
  expect(scoresOf(judged)).toEqual({
    ...{ questions: 4, hit1: 0.5, hit3: 0.75, mrr: (1 + 1 / 3 + 1) / 4 },
    ...{ answered: 0.25, wrong: 0.25, unanswerable: 1, madeUp: 1 },
  });
});

test("the curve has a point for each distinct confidence", () => {
  expect(curveOf(judged)).toEqual([
    { threshold: 1, wrong: 0, right: 0 },
    { threshold: 0.9, wrong: 0, right: 0.25 },
    { threshold: 0.8, wrong: 0.4, right: 0.25 },
    { threshold: 0.4, wrong: 0.4, right: 0.5 },
    { threshold: 0.2, wrong: 0.6, right: 0.5 },
  ]);
});
