import fc from "fast-check";
import { expect, test } from "vitest";
import { characterErrorRate, wordErrorRate } from "../src/error-rate.ts";

test("words are compared without case and punctuation", () => {
  const rate = wordErrorRate(
    ["the art of the printing", "don't stop"],
    ["The art, of printing!", "Don’t stop it."],
  );
  expect(rate).toEqual({ rate: 2 / 7, edits: 2, length: 7 });
  expect(wordErrorRate(["lower case letters"], ['the "lower-case" letters;']).edits).toBe(1);
});

test("characters are compared without spaces, in any script", () => {
  const rate = characterErrorRate(
    ["これは 印刷 です", "コーヒー"],
    ["これは、印鑑です。", "コーヒ"],
  );
  expect(rate).toEqual({ rate: 2 / 10, edits: 2, length: 10 });
});

test("nothing recognized is wrong, and nothing said is right", () => {
  expect(wordErrorRate([""], ["two words"]).rate).toBe(1);
  expect(wordErrorRate(["", ""], ["", "..."])).toEqual({ rate: 0, edits: 0, length: 0 });
  expect(wordErrorRate(["noise"], [""]).rate).toBe(Number.POSITIVE_INFINITY);
});

test("the number of edits is a distance", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 }).map((a) => a.join(" "));
  const edits = (found: string, expected: string) => wordErrorRate([found], [expected]).edits;
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(edits(a, a)).toBe(0);
      expect(edits(a, b)).toBe(edits(b, a));
      expect(edits(a, c)).toBeLessThanOrEqual(edits(a, b) + edits(b, c));
    }),
  );
});
