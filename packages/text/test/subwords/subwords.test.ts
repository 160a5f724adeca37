import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  Bpe,
  learnBpe,
  learnUnigram,
  parseSubwords,
  type SubwordOptions,
  type Subwords,
  Unigram,
} from "../../src/index.ts";
import { anyText } from "../support/any-text.ts";
import { lines } from "../support/lines.ts";

type Learn = (texts: Iterable<string>, options: SubwordOptions) => Subwords;

describe.each<[string, Learn]>([
  ["byte-pair encoding", learnBpe],
  ["unigram language model", learnUnigram],
])("%s", (_, learn) => {
  it("is undone but for the form that was asked for", () => {
    const forms = [
      { normalization: "nfc", form: (text: string) => text.normalize("NFC") },
      { normalization: "nfkc", form: (text: string) => text.normalize("NFKC") },
      { lowerCase: true, form: (text: string) => text.toLowerCase() },
      {
        normalization: "nfkc",
        lowerCase: true,
        form: (text: string) => text.normalize("NFKC").toLowerCase().normalize("NFKC"),
      },
    ] as const;
    for (const { form, ...options } of forms) {
      const vocabulary = learn(lines, { size: 500, ...options });
      const again = parseSubwords(JSON.parse(JSON.stringify(vocabulary)));
      fc.assert(
        fc.property(anyText, (text) => {
          expect(vocabulary.decode(vocabulary.encode(text))).toBe(form(text));
          expect(again.encode(text)).toEqual(vocabulary.encode(text));
          expect(vocabulary.encode(form(text))).toEqual(vocabulary.encode(text));
        }),
        { numRuns: 200 },
      );
    }
  });

  it("knows no capital in lower case", () => {
    const vocabulary = learn(lines, { size: 500, lowerCase: true });
    const all = Array.from({ length: vocabulary.size - 256 }, (_, id) =>
      vocabulary.token(256 + id),
    );
    expect(all.join("")).toBe(all.join("").toLowerCase());
    expect(vocabulary.decode(vocabulary.encode("ΟΔΟΣ ℍ İ ﬁ"))).toBe("οδος ℍ i̇ ﬁ");
    expect(vocabulary.toJSON().lowerCase).toBe(true);
    expect(learn(lines, { size: 500 }).toJSON()).not.toHaveProperty("lowerCase");
  });

  it("of texts that a space parts is that of each", () => {
    const vocabulary = learn(lines, { size: 600 });
    const solid = anyText.filter((text) => /^\S.*\S$/su.test(text));
    fc.assert(
      fc.property(solid, solid, (one, other) => {
        const apart = [...vocabulary.encode(one), ...vocabulary.encode(` ${other}`)];
        expect(vocabulary.encode(`${one} ${other}`)).toEqual(apart);
      }),
    );
  });

  it("learns from texts that are made one after another", () => {
    function* made() {
      for (const line of lines) yield line;
    }
    expect(learn(made(), { size: 600 }).toJSON()).toEqual(learn(lines, { size: 600 }).toJSON());
  });

  it("decodes token by token, and never gives part of a character", () => {
    const vocabulary = learn(lines, { size: 600 });
    const decoder = vocabulary.decoder();
    const pieces = vocabulary.encode("Ω😀").map((id) => decoder.push(id));
    expect(pieces).toEqual(["", "Ω", "", "", "", "😀"]);
    expect([0xe3, 0x81].map((id) => decoder.push(id)).concat(decoder.flush())).toEqual([
      "",
      "",
      "��",
    ]);
    expect(vocabulary.byteOf(0xe3)).toBe(0xe3);
    expect(vocabulary.byteOf(256)).toBeUndefined();
    expect(vocabulary.encode("")).toEqual([]);
    expect(vocabulary.decode([])).toBe("");
  });

  it.each([-1, 600, 1.5, Number.NaN])("refuses the id %d", (id) => {
    expect(() => learn(lines, { size: 600 }).decode([id])).toThrow(
      `from 0 to 599, but ${id} was given; does the vocabulary belong to the model?`,
    );
  });
});

describe("parseSubwords", () => {
  const json = { normalization: "none", special: [], tokens: ["a", "b", "ab"] };

  test("tells the vocabularies by their kind; without one it is a byte-pair encoding", () => {
    for (const [vocabulary, kind] of [
      [learnBpe(lines, { size: 500 }), Bpe],
      [learnUnigram(lines, { size: 500 }), Unigram],
    ] as const) {
      const read = parseSubwords(JSON.parse(JSON.stringify(vocabulary)));
      expect(read).toBeInstanceOf(kind);
      expect(read.toJSON()).toEqual(vocabulary.toJSON());
    }
    expect(parseSubwords(json)).toBeInstanceOf(Bpe);
    expect(parseSubwords(json).toJSON()).toEqual(json);
  });

  test.each([
    ["an unknown kind", { ...json, kind: "wordpiece" }, /"bpe" or "unigram", but "wordpiece" was/],
    ["a kind that is no name", { ...json, kind: 3 }, /but 3 was given; was it made by a newer/],
    ["null", null, /expected object, received null; a vocabulary of subwords is \{/],
    ["a list", ["a"], /expected object, received array/],
    ["a vocabulary of words", { tokens: ["<pad>"] }, /normalization: /],
    ["a unigram model without scores", { ...json, kind: "unigram" }, /scores: /],
    [
      "a byte-pair encoding with scores",
      { ...json, kind: "bpe", scores: [] },
      /scores: unknown key/,
    ],
  ])("refuses %s", (_, given, message) => {
    expect(() => parseSubwords(given, "vocabulary.json")).toThrow(
      expect.objectContaining({
        code: "BAD_DATA",
        message: expect.stringMatching(/^vocabulary\.json: [^\n]*$/),
      }),
    );
    expect(() => parseSubwords(given, "vocabulary.json")).toThrow(message);
  });
});
