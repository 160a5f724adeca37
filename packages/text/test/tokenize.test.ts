import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenize } from "../src/index.ts";

const golden: [sentence: string, tokens: string[]][] = JSON.parse(
  readFileSync(new URL("./golden/tokenize.golden.json", import.meta.url), "utf8"),
);

describe("tokenize", () => {
  it.each(golden)("agrees with the reference on %j", (sentence, tokens) => {
    expect(tokenize(sentence)).toEqual(tokens);
  });

  it("returns no token for an empty caption", () => {
    expect(tokenize("")).toEqual([]);
    expect(tokenize(" \t\r\n ")).toEqual([]);
  });

  it("returns lower-case tokens without white space, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        for (const token of tokenize(text)) expect(token).toMatch(/^\S+$/u);
      }),
    );
  });

  it("does not depend on the white space between words", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(tokenize(words.join("  \n"))).toEqual(tokenize(words.join(" ")));
      }),
    );
  });

  it("takes time in proportion to the length", () => {
    const milliseconds = (text: string) => {
      const start = performance.now();
      tokenize(text);
      return performance.now() - start;
    };
    for (const unit of ["a", "a-", "1,", "a'", "<a ", "a.", "!", "x@", "- "]) {
      expect(milliseconds(unit.repeat(10_000)), unit).toBeLessThan(2_000);
    }
  });
});
