import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  learnBpe,
  learnUnigram,
  parseTokenizer,
  type SubwordOptions,
  type Subwords,
} from "../../src/index.ts";
import { anyText } from "../support/any-text.ts";
import { lines } from "../support/lines.ts";

type Learn = (texts: Iterable<string>, options: SubwordOptions) => Subwords;

describe.each<[string, Learn]>([
  ["byte-pair encoding", learnBpe],
  ["unigram language model", learnUnigram],
])("%s", (_, learn) => {
  it("decodes to the normalized text", () => {
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
      const tokenizer = learn(lines, { size: 500, ...options });
      const again = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
      fc.assert(
        fc.property(anyText, (text) => {
          expect(tokenizer.decode(tokenizer.encode(text))).toBe(form(text));
          expect(again.encode(text)).toEqual(tokenizer.encode(text));
          expect(tokenizer.encode(form(text))).toEqual(tokenizer.encode(text));
        }),
        { numRuns: 200 },
      );
    }
  });

  it("has no capitals in lower case", () => {
    const tokenizer = learn(lines, { size: 500, lowerCase: true });
    const all = Array.from({ length: tokenizer.size - 256 }, (_, id) => tokenizer.token(256 + id));
    expect(all.join("")).toBe(all.join("").toLowerCase());
    expect(tokenizer.decode(tokenizer.encode("ΟΔΟΣ ℍ İ ﬁ"))).toBe("οδος ℍ i̇ ﬁ");
    expect(tokenizer.toJSON().lowerCase).toBe(true);
    expect(learn(lines, { size: 500 }).toJSON()).not.toHaveProperty("lowerCase");
  });

  it("encodes texts with a space between them independently", () => {
    const tokenizer = learn(lines, { size: 600 });
    const solid = anyText.filter((text) => /^\S.*\S$/su.test(text));
    fc.assert(
      fc.property(solid, solid, (one, other) => {
        const apart = [...tokenizer.encode(one), ...tokenizer.encode(` ${other}`)];
        expect(tokenizer.encode(`${one} ${other}`)).toEqual(apart);
      }),
    );
  });

  it("learns from an iterator of texts", () => {
    function* made() {
      for (const line of lines) yield line;
    }
    expect(learn(made(), { size: 600 }).toJSON()).toEqual(learn(lines, { size: 600 }).toJSON());
  });

  it("decodes token by token, and never returns part of a character", () => {
    const tokenizer = learn(lines, { size: 600 });
    const decoder = tokenizer.decoder();
    const pieces = tokenizer.encode("Ω😀").map((id) => decoder.push(id));
    expect(pieces).toEqual(["", "Ω", "", "", "", "😀"]);
    expect([0xe3, 0x81].map((id) => decoder.push(id)).concat(decoder.flush())).toEqual([
      "",
      "",
      "��",
    ]);
    expect(tokenizer.byteOf(0xe3)).toBe(0xe3);
    expect(tokenizer.byteOf(256)).toBeUndefined();
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.decode([])).toBe("");
  });

  it.each([-1, 600, 1.5, Number.NaN])("rejects the id %d", (id) => {
    expect(() => learn(lines, { size: 600 }).decode([id])).toThrow(
      `token id ${id} is not a whole number from 0 to 599; does the tokenizer belong to the model?`,
    );
  });
});
