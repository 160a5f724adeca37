import { describe, expect, test } from "vitest";
import { Labels, spokenForm } from "../src/labels.ts";
import { LanguageModel } from "../src/language-model.ts";

test("texts are compared as they sound", () => {
  expect(spokenForm("  Turn left, please – it’s 5! ")).toBe("turn left please it's 5");
});

test.each([
  ["words", ["left", "right", "turn"]],
  ["characters", [" ", "e", "f", "g", "h", "i", "l", "n", "r", "t", "u"]],
] as const)("%s are labels and come back", (unit, expected) => {
  const labels = Labels.of(unit, ["Turn left!", "turn RIGHT"]);
  expect(labels.labels).toEqual(expected);
  expect(labels.decode(labels.encode("turn right"))).toBe("turn right");
  expect(labels.decode([])).toBe("");
  expect(labels.knows("left turn")).toBe(true);
  expect(labels.knows("turn back")).toBe(false);
  expect(() => labels.encode("turn back")).toThrow(
    `of "turn back" is not among them: this recognizer knows ${expected.length} ${unit}`,
  );
});

describe("a language model", () => {
  const [a, b, end] = [0, 1, 2];
  const model = LanguageModel.of(
    [
      [a, b],
      [a, b],
      [a, a],
    ],
    { order: 2, labels: 2 },
  );

  test("adds up to 1 after anything, also after what it has not seen", () => {
    for (const before of [[], [a], [b], [b, b, a]]) {
      const sum = model.next(before).reduce((total, each) => total + Math.exp(each), 0);
      expect(sum, `${before}`).toBeCloseTo(1, 12);
    }
  });

  test("interpolates by Witten and Bell", () => {
    // Of 9 labels with 3 kinds, 4 are a; after a, 2 of 4 are b, 1 is a and 1 the end.
    const [anyA, anyB] = [(4 + 3 / 3) / 12, (2 + 3 / 3) / 12];
    expect(Math.exp(model.next([])[a] ?? 0)).toBeCloseTo(anyA, 12);
    expect(Math.exp(model.next([a])[b] ?? 0)).toBeCloseTo((2 + 3 * anyB) / 7, 12);
    expect(Math.exp(model.next([b])[end] ?? 0)).toBeGreaterThan(0.7);
  });

  test("is the same after it was written and read", () => {
    const copy = new LanguageModel(JSON.parse(JSON.stringify(model)));
    expect(copy.next([a])).toEqual(model.next([a]));
  });
});
