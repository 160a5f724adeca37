import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Bpe, learnBpe } from "../../src/index.ts";
import { anyText } from "../support/any-text.ts";
import { lines, specialTokens, unmarked } from "../support/lines.ts";
import { golden } from "./golden.ts";

const bpe = learnBpe(lines, { size: 630 });
const names = (ids: readonly number[]) => ids.map((id) => bpe.token(id));

describe("encode", () => {
  const ofSentencePiece = new Bpe({
    kind: "bpe",
    normalization: "none",
    special: [],
    tokens: [...golden.characters, ...golden.merges].map(unmarked),
  });

  test.each(golden.sentences)("encodes $text like SentencePiece", ({ text, pieces }) => {
    const ids = ofSentencePiece.encode(text);
    expect(ids.map((id) => ofSentencePiece.token(id))).toEqual(pieces.map(unmarked));
    expect(ofSentencePiece.decode(ids)).toBe(text);
  });

  it("is reversed by decode for any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = bpe.encode(text);
        expect(bpe.decode(ids)).toBe(text);
        for (const id of ids) expect(id >= 0 && id < bpe.size && Number.isInteger(id)).toBe(true);
        expect(ids.reduce((sum, id) => sum + bpe.charactersOf(id), 0)).toBe([...text].length);
      }),
      { numRuns: 1000 },
    );
  });

  it("is reversed by decode except for normalization", () => {
    for (const normalization of ["nfc", "nfkc"] as const) {
      const normalizing = learnBpe(lines, { size: 500, normalization });
      fc.assert(
        fc.property(anyText, (text) => {
          const form = text.normalize(normalization === "nfc" ? "NFC" : "NFKC");
          expect(normalizing.decode(normalizing.encode(text))).toBe(form);
        }),
      );
    }
  });

  it("encodes texts with a space between them independently", () => {
    const solid = anyText.filter((text) => /^\S.*\S$/su.test(text));
    fc.assert(
      fc.property(solid, solid, (one, other) => {
        const apart = [...bpe.encode(one), ...bpe.encode(` ${other}`)];
        expect(bpe.encode(`${one} ${other}`)).toEqual(apart);
      }),
    );
  });

  it("includes the preceding space in a word, and needs none between words", () => {
    expect(names(bpe.encode("The lighthouse keeper"))).toEqual([
      "The",
      " light",
      "house",
      " keeper",
    ]);
    expect(names(bpe.encode("灯台の人は光"))).toEqual(["灯台の人は", "光"]);
  });

  it("never returns a special token for any text", () => {
    const special = learnBpe(lines, { size: 600, special: specialTokens });
    const ids = special.encode("<pad>the<end>");
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(specialTokens.length);
    expect(special.decode([1, ...ids, 2, 0])).toBe("<pad>the<end>");
  });

  it("returns no tokens for an empty text", () => {
    expect(bpe.encode("")).toEqual([]);
    expect(bpe.decode([])).toBe("");
  });
});

describe("decode", () => {
  const bytes = (...values: number[]) => values;

  it.each([
    ["a character of two bytes", bytes(0xc3, 0xa9), "é"],
    ["a character of four bytes", bytes(0xf0, 0x9f, 0x98, 0x80), "😀"],
    ["half a surrogate pair", bytes(0xed, 0xa0, 0xbd), "\ud83d"],
    ["an incomplete character", bytes(0xf0, 0x9f, 0x41), "��A"],
    ["an incomplete character at the end", bytes(0x41, 0xe3, 0x81), "A��"],
    ["a character that interrupts another", bytes(0xe3, 0xc3, 0xa9), "�é"],
    ["the end of a character", bytes(0x80, 0x41), "�A"],
    ["an overlong encoding", bytes(0xe0, 0x80, 0x80), "���"],
    ["a code point beyond Unicode", bytes(0xf4, 0x90, 0x80, 0x80), "����"],
    ["bytes that never occur", bytes(0xc0, 0xff), "��"],
  ])("decodes %s", (_, values, text) => {
    expect(bpe.decode(values)).toBe(text);
  });

  it("decodes like Node, except for halves of surrogate pairs and the number of U+FFFD", () => {
    const values = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xe3, 0x81)),
    );
    const folded = (text: string) => text.replace(/�+/g, "�");
    fc.assert(
      fc.property(values, (each) => {
        const decoded = bpe.decode(each);
        if (/\p{Surrogate}/u.test(decoded)) return;
        const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
          Uint8Array.from(each),
        );
        expect(folded(decoded)).toBe(folded(expected));
      }),
    );
  });

  it("never returns part of a character, token by token", () => {
    const decoder = bpe.decoder();
    const pieces = bpe.encode("Ωm 😀").map((id) => decoder.push(id));
    expect(pieces).toEqual(["", "Ω", "m", " ", "", "", "", "😀"]);
    expect(decoder.flush()).toBe("");
    expect([0xe3, 256].map((id) => decoder.push(id))).toEqual(["", `�${bpe.token(256)}`]);
  });

  it.each([-1, 630, 1.5, Number.NaN])("rejects the id %d", (id) => {
    expect(() => bpe.decode([id])).toThrow(
      `token id ${id} is not a whole number from 0 to 629; does the tokenizer belong to the model?`,
    );
  });
});

describe("sample", () => {
  it("is reversed by decode for any text, and depends on the seed", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (text, seed, dropout) => {
          const ids = bpe.sample(text, { dropout, random: createRandom(seed) });
          expect(bpe.decode(ids)).toBe(text);
          expect(bpe.sample(text, { dropout, random: createRandom(seed) })).toEqual(ids);
        },
      ),
    );
  });

  const line = lines[0] ?? "";

  it("equals encode without dropout, and merges nothing if all merges are dropped", () => {
    const random = createRandom(1);
    expect(bpe.sample(line, { random, dropout: 0 })).toEqual(bpe.encode(line));
    const tokens = names(bpe.sample("lighthouse", { random, dropout: 1 }));
    expect(tokens).toEqual([..."lighthouse"]);
  });

  it("skips merges with the given probability", () => {
    // Only one merge is possible, and it is tried once.
    const pair = new Bpe({
      kind: "bpe",
      normalization: "none",
      special: [],
      tokens: ["a", "b", "ab"],
    });
    const random = createRandom(2);
    const draws = Array.from({ length: 2000 }, () => pair.sample("ab", { random, dropout: 0.3 }));
    const skipped = draws.filter((ids) => ids.length === 2).length / draws.length;
    expect(skipped).toBeGreaterThan(0.27);
    expect(skipped).toBeLessThan(0.33);
  });

  it("rejects a dropout out of range", () => {
    for (const dropout of [-0.1, 1.1, Number.NaN]) {
      expect(() => bpe.sample("a", { random: createRandom(1), dropout })).toThrow(
        `dropout is ${dropout}; give a number from 0 to 1`,
      );
    }
  });
});
