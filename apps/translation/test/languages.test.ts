import { expect, test } from "vitest";
import { isSpaceless } from "../src/languages.ts";

test("languages without spaces between words", () => {
  expect(["ja", "zh", "zh-Hant", "th"].every(isSpaceless)).toBe(true);
  expect(["en", "de", "zha"].some(isSpaceless)).toBe(false);
});
