import { groundingAccuracy } from "@attend/metrics";
import { expect, test } from "vitest";
import { pointingExamples, scorePointing } from "../src/pointing.ts";

const whole = { x1: 0, y1: 0, x2: 1, y2: 1 };
const [left, right] = [
  { ...whole, x2: 0.5 },
  { ...whole, x1: 0.5 },
];

test("a word that names an object is compared with all boxes of that object, others not at all", () => {
  const words = ["two", "men", "hold", "a", "tennis", "racket"];
  const weights = words.map((_, i) => Float32Array.from(i === 1 ? [0.9, 0.1] : [0.2, 0.8]));
  const attention = { words, grid: [1, 2] as const, weights };
  const objects = [
    { name: "person", ...right },
    { name: "person", ...left },
    { name: "tennis racket", ...left },
    { name: "dog", ...whole },
  ];
  const examples = pointingExamples(attention, objects);
  expect(examples.map(({ boxes }) => boxes.length)).toEqual([2, 1]);
  // The last word of "tennis racket" looks to the right.
  expect(groundingAccuracy(examples).perExample).toEqual([true, false]);
  expect(scorePointing(examples)).toEqual({ words: 2, score: 0.5, center: 1 });
  expect(scorePointing(pointingExamples(attention, [{ name: "dog", ...whole }]))).toBeUndefined();
});
