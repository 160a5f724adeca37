import { describe, expect, test } from "vitest";
import { markOnce, withMarks } from "../../src/text/final-marks.ts";

test.each([
  ["A dog runs!!", "A dog runs!", "!!"],
  ["Is it?!", "Is it?", "?!"],
  ["A dog runs...", "A dog runs.", "..."],
  ["Un chien court !!!", "Un chien court !", "!!!"],
  ["犬が走る。。", "犬が走る。", "。。"],
  ["A dog runs.", "A dog runs.", ""],
  ["A dog runs", "A dog runs", ""],
  ["A dog... runs.", "A dog... runs.", ""],
  ["!!", "!!", ""],
])("%j is read as %j", (text, once, marks) => {
  expect(markOnce(text)).toEqual({ text: once, marks });
});

describe("withMarks", () => {
  test.each([
    ["Ein Hund rennt.", "!!", "de", "Ein Hund rennt!!"],
    ["Ein Hund rennt", "...", "de", "Ein Hund rennt..."],
    ["Un chien court !", "!!", "fr", "Un chien court !!"],
    ["犬が走る。", "!?", "ja", "犬が走る！？"],
    ["A dog runs.", "。。", "en", "A dog runs.."],
    ["", "!!", "de", "!!"],
  ])("ends %j with %j in %s", (text, marks, language, expected) => {
    expect(withMarks(text, marks, language)).toBe(expected);
  });
});
