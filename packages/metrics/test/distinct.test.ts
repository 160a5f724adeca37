import { expect, test } from "vitest";
import { distinctNgrams } from "../src/index.ts";

test("distinct-n is the share of different n-grams of all sentences", () => {
  const sentences = [["i", "do", "not", "know"], ["i", "do"], ["yes"]];
  expect(distinctNgrams(sentences, 1)).toBeCloseTo(5 / 7, 12);
  expect(distinctNgrams(sentences, 2)).toBeCloseTo(3 / 4, 12);
  expect(distinctNgrams(sentences, 5)).toBe(0);
  expect(
    distinctNgrams(
      [
        [1, 11],
        [11, 1],
      ],
      2,
    ),
  ).toBe(1);
  expect(distinctNgrams([], 1)).toBe(0);
});
