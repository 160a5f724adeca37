import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bpe, learnBpe, learnUnigram } from "../../src/index.ts";
import { specialTokens } from "../support/lines.ts";

const text = `${"the cat sat on the mat\n".repeat(4)}the cafés\n`;
const idsFrom = (first: number, size: number) =>
  Array.from({ length: size - first }, (_, index) => first + index);

describe.each([
  ["byte-pair encoding", learnBpe],
  ["unigram language model", learnUnigram],
])("of a %s", (_, learn) => {
  test("suppresses bytes that the text does not use: all but those of rare characters", () => {
    const all = learn([text], { size: 272 });
    expect(all.toJSON().bytes).toEqual([]);
    expect(all.decoder().suppressed).toEqual(idsFrom(0, 256));
    const frequent = learn([text], { size: 272, minCount: 2 });
    // "é" and "f"
    expect(frequent.toJSON().bytes).toEqual([0x66, 0xa9, 0xc3]);
    const decoder = frequent.decoder();
    const possible = () => {
      const suppressed = new Set(decoder.suppressed);
      return idsFrom(0, 272).filter((id) => !suppressed.has(id));
    };
    expect(possible()).toEqual([0x66, 0xc3, ...idsFrom(256, 272)]);
    decoder.push(0xc3);
    expect(possible()).toEqual([0xa9]);
    decoder.push(0xa9);
    expect(possible()).toEqual([0x66, 0xc3, ...idsFrom(256, 272)]);
  });

  test("suppresses special tokens other than the end, and the end within a character", () => {
    const tokenizer = learn([text], { size: 280, minCount: 2, special: specialTokens });
    expect(tokenizer.special).toEqual({
      pad: 0,
      start: 1,
      end: 2,
      unknown: 3,
      suppressed: [0, 3],
    });
    const decoder = tokenizer.decoder();
    expect(decoder.suppressed.slice(0, 4)).toEqual([0, 1, 3, 4]);
    decoder.push(4 + 0xc3);
    expect(decoder.suppressed.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(learn([text], { size: 280, special: ["<a>"] }).special).toBeUndefined();
  });

  test("never returns part of a character", () => {
    const tokenizer = learn([text], { size: 272, minCount: 2 });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (any) => {
        const decoder = tokenizer.decoder();
        const pieces = tokenizer.encode(any).map((id) => decoder.push(id));
        expect(pieces.join("")).toBe(any);
        for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

test("knows a text that needs no bytes", () => {
  const tokenizer = learnBpe([text], { size: 272, minCount: 2 });
  expect(tokenizer.knows("the cat sat\n")).toBe(true);
  for (const unknown of ["é", "the cafe", "T"]) expect(tokenizer.knows(unknown)).toBe(false);
});

test("suppresses bytes that do not make characters", () => {
  const { bytes: _, ...json } = learnBpe(["a"], { size: 257 }).toJSON();
  const tokenizer = new Bpe(json);
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (choices) => {
      const decoder = tokenizer.decoder();
      const bytes: number[] = [];
      let text = "";
      for (const choice of [...choices, 0, 0, 0]) {
        const suppressed = new Set(decoder.suppressed);
        const possible = idsFrom(0, 256).filter((byte) => !suppressed.has(byte));
        const byte = possible[choice % possible.length] ?? -1;
        bytes.push(byte);
        text += decoder.push(byte);
      }
      const decode = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      // An incomplete character at the end is left out.
      expect(decode().decode(Uint8Array.from(bytes), { stream: true })).toBe(text);
    }),
  );
});
