import { describe, expect, test } from "vitest";
import { restoreSpans, type SourceGap } from "../../src/text/restore-spans.ts";
import type { SpanKind } from "../../src/text/spans.ts";

/** A gap after `tokensBefore` source tokens. */
const gap = (
  text: string,
  tokensBefore: number,
  {
    kind = "sign",
    apart = [true, true],
    isLast = false,
  }: Partial<SourceGap> & { kind?: SpanKind } = {},
): SourceGap => ({ span: { text, kind }, at: 0, apart, tokensBefore, isLast });

/** Each target token attends to one source token; the last source token is the end. */
const attendingTo = (at: readonly number[], tokens: number) =>
  at.map((source) => Array.from({ length: tokens }, (_, s) => (s === source ? 1 : 0)));

describe("restoreSpans", () => {
  // Two dogs | play .
  const german = {
    pieces: ["Zwei", " Hunde", " spielen", "."],
    attention: attendingTo([0, 1, 2, 3], 5),
    spaceless: undefined,
  };

  test("inserts a span between the words that attend to its neighbors", () => {
    expect(restoreSpans(german, [gap("🐕", 2)])).toBe("Zwei Hunde 🐕 spielen.");
    expect(restoreSpans(german, [gap("🐕", 1), gap("🐈", 3)])).toBe("Zwei 🐕 Hunde spielen 🐈.");
    expect(restoreSpans(german, [])).toBe("Zwei Hunde spielen.");
  });

  test("inserts a final span after the last word", () => {
    expect(restoreSpans({ ...german, attention: [] }, [gap("🐕", 3, { isLast: true })])).toBe(
      "Zwei Hunde spielen 🐕.",
    );
  });

  test("follows words that change their order", () => {
    // plays the | dog . -> Der Hund spielt.
    const pieces = ["Der", " Hund", " spielt", "."];
    const attention = attendingTo([1, 2, 0, 3], 5);
    expect(
      restoreSpans({ pieces, attention, spaceless: undefined }, [gap("3", 2, { kind: "number" })]),
    ).toBe("Der 3 Hund spielt.");
  });

  test("keeps the spacing of the source, and the order of tags", () => {
    const tags = [
      gap("<b>", 1, { kind: "tag", apart: [true, false] }),
      gap("</b>", 2, { kind: "tag", apart: [false, true] }),
    ];
    expect(restoreSpans(german, tags)).toBe("Zwei <b>Hunde</b> spielen.");
    const reversed = { ...german, attention: attendingTo([0, 2, 1, 3], 5) };
    expect(restoreSpans(reversed, tags)).toMatch(/<b>.*<\/b>/);
  });

  test("never splits a word or a character", () => {
    const pieces = ["Rad", "fahr", "er", " ", "", "ä", "!"];
    for (let before = 0; before < 5; before++) {
      const text = restoreSpans(
        { pieces, attention: attendingTo([0, 1, 2, 3, 3, 3, 4], 6), spaceless: undefined },
        [gap("🚴", before)],
      );
      expect(text.replace(/\s?🚴\s?/, " ").trim()).toMatch(/^(Radfahrer\s+ä ?!)$/);
    }
  });

  test("adds no spaces if the language has none, except next to Latin letters", () => {
    const japanese = {
      pieces: ["犬", "が", "走る", "。"],
      attention: attendingTo([0, 0, 1, 2], 4),
      spaceless: "ja",
    };
    expect(restoreSpans(japanese, [gap("🐕", 1)])).toBe("犬が🐕走る。");
    expect(restoreSpans(japanese, [gap("a@b.cd", 1)])).toBe("犬が a@b.cd 走る。");
  });
});
