import { expect, it } from "vitest";
import { scoreTexts } from "../src/index.ts";

it("is perfect for equal texts", () => {
  const text = "Well, is it? It is.";
  const { punctuation, casing } = scoreTexts([{ found: text, expected: text }]);
  expect(punctuation.micro.f1).toBe(1);
  expect(punctuation.marks.question.f1).toBe(1);
  expect(casing).toBe(1);
});

it("compares marks after the words that they should follow, and capitals of the words that are the same", () => {
  const { punctuation, casing } = scoreTexts([
    { found: "Well is it. it is, there.", expected: "Well, is it? It is here." },
  ]);
  // The comma is missing and another one is too many, the question ends with a period.
  expect(punctuation.marks.comma).toEqual({ precision: 0, recall: 0, f1: 0 });
  expect(punctuation.marks.period).toEqual({ precision: 1 / 2, recall: 1, f1: 2 / 3 });
  expect(punctuation.micro.f1).toBeCloseTo(2 / 6);
  expect(casing).toBe(4 / 5);
});

it("counts the marks of words that only one of the texts has", () => {
  const { punctuation } = scoreTexts([{ found: "Yes.", expected: "Yes, he, too, is." }]);
  expect(punctuation.micro).toMatchObject({ precision: 0, recall: 0 });
  const { punctuation: other } = scoreTexts([{ found: "Yes, he, is.", expected: "He is." }]);
  expect(other.micro).toEqual({ precision: 1 / 3, recall: 1, f1: 1 / 2 });
});
