import { describe, expect, test } from "vitest";
import { objectsInQuestion, scorePointing } from "../src/pointing.ts";
import { scoreRow } from "../src/present/scores.ts";

const box = (name: string, x1: number, x2: number) => ({ name, x1, y1: 0, x2, y2: 1 });
const dogs = [box("dog", 0, 0.2), box("dog", 0.3, 0.4)];
const ball = box("sports ball", 0.6, 0.9);
const objects = [...dogs, ball];

describe("the objects that a question is about", () => {
  test.each([
    ["What does the dog chase?", "a ball", [ball]],
    ["What color is the dog's ball?", "red", dogs],
    ["Is the man throwing balls to a dog?", "no", [ball]],
    ["Are there any cats?", "no", []],
  ])("%s %s", (question, answer, expected) => {
    expect(objectsInQuestion({ question, answers: [answer] }, objects)).toEqual(expected);
  });
});

describe("the pointing game", () => {
  const looking = (...hops: number[][]) => {
    const attention = { grid: [1, 4] as const, hops: hops.map((hop) => Float32Array.from(hop)) };
    return { attention };
  };
  const [left, right] = [
    [0.7, 0.1, 0.1, 0.1],
    [0.1, 0.1, 0.7, 0.1],
  ];

  test("is scored for each hop, on the questions about objects", () => {
    const scored = [looking(left, right), looking(right, right), looking(left, left)];
    const pointing = scorePointing(scored, [dogs, [ball], []]);
    expect(pointing).toEqual({ questions: 2, hops: [1, 0.5], center: 0 });
    const scores = { questions: 3, accuracy: 0.5, byAnswerType: {}, calibrationError: 0.1 };
    expect(scoreRow({ ...scores, ...(pointing && { pointing }) })).toEqual({
      accuracy: "0.500",
      "calibration error": "0.100",
      "pointing (2 questions)": "1.000, 0.500",
      middle: "0.000",
    });
  });

  test("needs attention and objects", () => {
    expect(scorePointing([looking(left)], [[]])).toBeUndefined();
    expect(scorePointing([{}], [dogs])).toBeUndefined();
  });
});
