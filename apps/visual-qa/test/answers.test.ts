import { describe, expect, test } from "vitest";
import { scoreAnswers } from "../src/evaluate.ts";
import { answerLines, answerText, regionName } from "../src/present/answers.ts";
import { scoreRow, sourceRows } from "../src/present/scores.ts";

const sure = {
  answer: "yes",
  probability: 0.834,
  confident: true,
  alternatives: [
    { answer: "no", probability: 0.12 },
    { answer: "maybe", probability: 0.02 },
  ],
};

test("an answer has its probability, and its runners-up are on a line of their own", () => {
  expect(answerLines(sure)).toBe("yes (0.83)\nor no (0.12), maybe (0.02)");
  expect(answerLines({ ...sure, alternatives: [] })).toBe("yes (0.83)");
});

test("an answer below the threshold is a guess", () => {
  const guess = { ...sure, probability: 0.31, confident: false };
  expect(answerText(guess)).toBe("not sure; my best guess is yes (0.31)");
});

describe("the region with the most attention", () => {
  test.each([
    [0, "top left"],
    [1, "top"],
    [3, "left"],
    [4, "center"],
    [5, "right"],
    [8, "bottom right"],
  ])("cell %i of 3 x 3 is %s", (cell, name) => {
    const weights = new Float32Array(9).fill(0.05);
    weights[cell] = 0.6;
    expect(regionName({ grid: [3, 3], hops: [weights] })).toBe(name);
  });

  test("is the last hop's, on a grid of any shape", () => {
    const hops = [new Float32Array([1, 0, 0, 0]), new Float32Array([0, 0, 0, 1])];
    expect(regionName({ grid: [2, 2], hops })).toBe("bottom right");
    expect(regionName({ grid: [1, 4], hops })).toBe("right");
    expect(regionName({ grid: [1, 1], hops: [new Float32Array([1])] })).toBe("center");
  });
});

test("absent scores have no column", () => {
  const scores = {
    questions: 2,
    accuracy: 0.5,
    byAnswerType: { number: 1 },
    calibrationError: 0.1,
  };
  const row = { accuracy: "0.500", number: "1.000", "calibration error": "0.100" };
  expect(scoreRow(scores)).toEqual(row);
  expect(scoreRow({ ...scores, consensus: 0.25 })).toEqual({ ...row, consensus: "0.250" });
});

test("accuracy is that of each source, if there are several", () => {
  const row = (answer: string, source?: string) => {
    return { file: "a.webp", question: "what?", answers: [answer], source };
  };
  const answers = ["cat", "dog", "cat"].map((answer) => {
    return { ...sure, answer, alternatives: [] };
  });
  const rows = [row("cat", "people"), row("cat", "people"), row("cat", "captions")];
  const scores = scoreAnswers(rows, answers);
  expect(scores.bySource).toEqual({ people: 0.5, captions: 1 });
  expect(sourceRows(scores)).toEqual([
    { source: "people", accuracy: "0.500" },
    { source: "captions", accuracy: "1.000" },
  ]);
  expect(sourceRows(scoreAnswers([row("cat", "people")], answers.slice(0, 1)))).toEqual([]);
  expect(scoreAnswers([row("cat")], answers.slice(0, 1)).bySource).toBeUndefined();
});
