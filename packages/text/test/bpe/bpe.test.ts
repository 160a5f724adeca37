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

  test.each(golden.sentences)("cuts $text as SentencePiece does", ({ text, pieces }) => {
    const ids = ofSentencePiece.encode(text);
    expect(ids.map((id) => ofSentencePiece.token(id))).toEqual(pieces.map(unmarked));
    expect(ofSentencePiece.decode(ids)).toBe(text);
  });

  it("is undone by decode, whatever the text", () => {
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

  it("is undone but for the normalisation that was asked for", () => {
    for (const normalization of ["nfc", "nfkc"] as const) {
      const normalising = learnBpe(lines, { size: 500, normalization });
      fc.assert(
        fc.property(anyText, (text) => {
          const form = text.normalize(normalization === "nfc" ? "NFC" : "NFKC");
          expect(normalising.decode(normalising.encode(text))).toBe(form);
        }),
      );
    }
  });

  it("of texts that a space parts is that of each", () => {
    const solid = anyText.filter((text) => /^\S.*\S$/su.test(text));
    fc.assert(
      fc.property(solid, solid, (one, other) => {
        const apart = [...bpe.encode(one), ...bpe.encode(` ${other}`)];
        expect(bpe.encode(`${one} ${other}`)).toEqual(apart);
      }),
    );
  });

  it("takes the space along with the word, and needs none between words", () => {
    expect(names(bpe.encode("The lighthouse keeper"))).toEqual([
      "The",
      " light",
      "house",
      " keeper",
    ]);
    expect(names(bpe.encode("灯台の人は光"))).toEqual(["灯台の人は", "光"]);
  });

  it("never gives a special token, whatever the text says", () => {
    const special = learnBpe(lines, { size: 600, special: specialTokens });
    const ids = special.encode("<pad>the<end>");
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(specialTokens.length);
    expect(special.decode([1, ...ids, 2, 0])).toBe("<pad>the<end>");
  });

  it("of nothing is nothing", () => {
    expect(bpe.encode("")).toEqual([]);
    expect(bpe.decode([])).toBe("");
  });
});

describe("decode", () => {
  const bytes = (...values: number[]) => values;

  it.each([
    ["a character of two", bytes(0xc3, 0xa9), "é"],
    ["one of four", bytes(0xf0, 0x9f, 0x98, 0x80), "😀"],
    ["half a surrogate pair", bytes(0xed, 0xa0, 0xbd), "\ud83d"],
    ["one that is incomplete", bytes(0xf0, 0x9f, 0x41), "��A"],
    ["one that is incomplete at the end", bytes(0x41, 0xe3, 0x81), "A��"],
    ["one that begins in another", bytes(0xe3, 0xc3, 0xa9), "�é"],
    ["the end of one", bytes(0x80, 0x41), "�A"],
    ["more bytes than it takes", bytes(0xe0, 0x80, 0x80), "���"],
    ["a number beyond Unicode", bytes(0xf4, 0x90, 0x80, 0x80), "����"],
    ["bytes that never occur", bytes(0xc0, 0xff), "��"],
  ])("reads %s", (_, values, text) => {
    expect(bpe.decode(values)).toBe(text);
  });

  it("as Node does, but for halves of surrogate pairs and the number of U+FFFD", () => {
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

  it("token by token never gives part of a character", () => {
    const decoder = bpe.decoder();
    const pieces = bpe.encode("Ωm 😀").map((id) => decoder.push(id));
    expect(pieces).toEqual(["", "Ω", "m", " ", "", "", "", "😀"]);
    expect(decoder.flush()).toBe("");
    expect([0xe3, 256].map((id) => decoder.push(id))).toEqual(["", `�${bpe.token(256)}`]);
  });

  it.each([-1, 630, 1.5, Number.NaN])("refuses the id %d", (id) => {
    expect(() => bpe.decode([id])).toThrow(
      `from 0 to 629, but ${id} was given; does the tokenizer belong to the model?`,
    );
  });
});

describe("sample", () => {
  it("is undone by decode, whatever the text, and the same for the same seed", () => {
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

  it("merges as encode does without dropout, and nothing if all is dropped", () => {
    const random = createRandom(1);
    expect(bpe.sample(line, { random, dropout: 0 })).toEqual(bpe.encode(line));
    const tokens = names(bpe.sample("lighthouse", { random, dropout: 1 }));
    expect(tokens).toEqual([..."lighthouse"]);
  });

  it("leaves out merges with the probability that was asked for", () => {
    // One merge is possible, and it is tried once.
    const pair = new Bpe({
      kind: "bpe",
      normalization: "none",
      special: [],
      tokens: ["a", "b", "ab"],
    });
    const random = createRandom(2);
    const draws = Array.from({ length: 2000 }, () => pair.sample("ab", { random, dropout: 0.3 }));
    const left = draws.filter((ids) => ids.length === 2).length / draws.length;
    expect(left).toBeGreaterThan(0.27);
    expect(left).toBeLessThan(0.33);
  });

  it("refuses what is not a share", () => {
    for (const dropout of [-0.1, 1.1, Number.NaN]) {
      expect(() => bpe.sample("a", { random: createRandom(1), dropout })).toThrow(
        "dropout is a number from 0 to 1",
      );
    }
  });
});
