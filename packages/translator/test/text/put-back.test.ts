import { describe, expect, test } from "vitest";
import { type PlacedGap, putBack } from "../../src/text/put-back.ts";
import type { SpanKind } from "../../src/text/spans.ts";

/** A gap after so many source tokens. */
const gap = (
  text: string,
  tokensBefore: number,
  {
    kind = "sign",
    apart = [true, true],
    isLast = false,
  }: Partial<PlacedGap> & { kind?: SpanKind } = {},
): PlacedGap => ({ span: { text, kind }, at: 0, apart, tokensBefore, isLast });

/** Each target token looks at one source token; the last source token is the end. */
const looking = (at: readonly number[], tokens: number) =>
  at.map((source) => Array.from({ length: tokens }, (_, s) => (s === source ? 1 : 0)));

describe("putBack", () => {
  // Two dogs | play .
  const german = {
    pieces: ["Zwei", " Hunde", " spielen", "."],
    attention: looking([0, 1, 2, 3], 5),
    spaceless: undefined,
  };

  test("between the words that looked at what stood before and after", () => {
    expect(putBack(german, [gap("🐕", 2)])).toBe("Zwei Hunde 🐕 spielen.");
    expect(putBack(german, [gap("🐕", 1), gap("🐈", 3)])).toBe("Zwei 🐕 Hunde spielen 🐈.");
    expect(putBack(german, [])).toBe("Zwei Hunde spielen.");
  });

  test("behind the last word where none stood after it", () => {
    expect(putBack({ ...german, attention: [] }, [gap("🐕", 3, { isLast: true })])).toBe(
      "Zwei Hunde spielen 🐕.",
    );
  });

  test("follows words that change places", () => {
    // plays the | dog . -> Der Hund spielt.
    const pieces = ["Der", " Hund", " spielt", "."];
    const attention = looking([1, 2, 0, 3], 5);
    expect(
      putBack({ pieces, attention, spaceless: undefined }, [gap("3", 2, { kind: "number" })]),
    ).toBe("Der 3 Hund spielt.");
  });

  test("stands as near to its neighbors as in the source; tags keep their order", () => {
    const tags = [
      gap("<b>", 1, { kind: "tag", apart: [true, false] }),
      gap("</b>", 2, { kind: "tag", apart: [false, true] }),
    ];
    expect(putBack(german, tags)).toBe("Zwei <b>Hunde</b> spielen.");
    const reversed = { ...german, attention: looking([0, 2, 1, 3], 5) };
    expect(putBack(reversed, tags)).toMatch(/<b>.*<\/b>/);
  });

  test("never within a word or a character", () => {
    const pieces = ["Rad", "fahr", "er", " ", "", "ä", "!"];
    for (let before = 0; before < 5; before++) {
      const text = putBack(
        { pieces, attention: looking([0, 1, 2, 3, 3, 3, 4], 6), spaceless: undefined },
        [gap("🚴", before)],
      );
      expect(text.replace(/\s?🚴\s?/, " ").trim()).toMatch(/^(Radfahrer\s+ä ?!)$/);
    }
  });

  test("without spaces where the language has none, but beside Latin letters", () => {
    const japanese = {
      pieces: ["犬", "が", "走る", "。"],
      attention: looking([0, 0, 1, 2], 4),
      spaceless: "ja",
    };
    expect(putBack(japanese, [gap("🐕", 1)])).toBe("犬が🐕走る。");
    expect(putBack(japanese, [gap("a@b.cd", 1)])).toBe("犬が a@b.cd 走る。");
  });
});
