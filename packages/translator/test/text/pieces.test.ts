import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText } from "../../src/text/pieces.ts";

const withoutSpace = (text: string) => text.replaceAll(/\s/gu, "");

describe("cutText", () => {
  test("keeps all characters but white space, in pieces that fit", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.integer({ min: 2, max: 30 }),
        (text, maxLength) => {
          const pieces = cutText(text, (piece) => piece.length <= maxLength);
          expect(withoutSpace(pieces.join(""))).toBe(withoutSpace(text));
          for (const piece of pieces) {
            expect(piece).toBe(piece.trim());
            expect(piece).not.toBe("");
            expect(piece.length).toBeLessThanOrEqual(maxLength);
            expect(piece).not.toMatch(/\p{Surrogate}/u);
          }
        },
      ),
    );
  });

  test("cuts after sentences, else after commas, else after words", () => {
    const cut = (text: string) => cutText(text, (piece) => piece.length <= 24);
    expect(cut("It rains. We stay at home today.")).toEqual([
      "It rains.",
      "We stay at home today.",
    ]);
    expect(cut("When it rains, we stay at home today")).toEqual([
      "When it rains,",
      "we stay at home today",
    ]);
    expect(cut("one two three four five six seven")).toEqual([
      "one two three four five",
      "six seven",
    ]);
    expect(cut("x".repeat(50))).toEqual(["x".repeat(24), "x".repeat(24), "xx"]);
    expect(cut("雨が降る。今日は家にいる。だから本を読んで音楽を聞く。")).toEqual([
      "雨が降る。今日は家にいる。",
      "だから本を読んで音楽を聞く。",
    ]);
  });

  test("an empty text has no pieces", () => {
    expect(cutText(" \t ", () => false)).toEqual([]);
  });

  test("takes linear time", () => {
    const text = "word ".repeat(100_000);
    const pieces = cutText(text, (piece) => piece.length <= 100);
    expect(pieces).toHaveLength(5000);
  });
});
