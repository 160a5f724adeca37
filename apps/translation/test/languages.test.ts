import { expect, test } from "vitest";
import { isSpaceless, tokenizerFor } from "../src/languages.ts";

test("BLEU counts characters where no spaces tell the words", () => {
  expect(["ja", "zh", "zh-Hant", "th"].map(tokenizerFor)).toEqual(Array(4).fill("char"));
  expect(["en", "de", "jav"].map(tokenizerFor)).toEqual(Array(3).fill("13a"));
  expect(isSpaceless("zha")).toBe(false);
});
