import { learnBpe, parseBpe } from "@attend/text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildVocabulary, parseVocabulary } from "../src/read-vocabulary.ts";
import { learnSubwords, Subwords } from "../src/subwords.ts";
import { line } from "./models.ts";

const text = `${line.repeat(4)}the cafés\n`;

describe("learnSubwords", () => {
  test("numbers every byte, the characters and what is merged of them", () => {
    const subwords = learnSubwords(text, { size: 256 + 14 + 6 });
    expect(subwords.size).toBe(276);
    const { ids } = subwords.encode("the cat\n");
    expect(ids.length).toBeLessThan(8);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(256);
    expect([...ids].map((id) => subwords.charactersOf(id)).reduce((a, b) => a + b)).toBe(8);
  });

  test("writes only bytes that the text is written with: none, or those of rare characters", () => {
    const bytesOf = (subwords: Subwords) => subwords.toJSON().bytes;
    const all = learnSubwords(text, { size: 272 });
    expect(bytesOf(all)).toEqual([]);
    expect(all.decoder().unwritable).toEqual(Array.from({ length: 256 }, (_, id) => id));
    const frequent = learnSubwords(text, { size: 272, minCount: 2 });
    // "é" and "f"
    expect(bytesOf(frequent)).toEqual([0x66, 0xa9, 0xc3]);
    const decoder = frequent.decoder();
    const writable = () => {
      const forbidden = new Set(decoder.unwritable);
      return Array.from({ length: 272 }, (_, id) => id).filter((id) => !forbidden.has(id));
    };
    const text16 = Array.from({ length: 16 }, (_, index) => 256 + index);
    expect(writable()).toEqual([0x66, 0xc3, ...text16]);
    decoder.push(0xc3);
    expect(writable()).toEqual([0xa9]);
    decoder.push(0xa9);
    expect(writable()).toEqual([0x66, 0xc3, ...text16]);
  });

  test("begins without a prompt as behind a line break, or the most frequent character", () => {
    const startOf = (of: string) => {
      const subwords = learnSubwords(of, { size: 256 + new Set(of).size });
      return subwords.decoder().push(subwords.startId);
    };
    expect(startOf(text)).toBe("\n");
    expect(startOf("banana")).toBe("a");
  });

  test("has every text, and its decoder never gives part of a character", () => {
    const subwords = learnSubwords(text, { size: 272, minCount: 2 });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (any) => {
        const { ids, skipped } = subwords.encode(any);
        const decoder = subwords.decoder();
        const pieces = [...ids].map((id) => decoder.push(id));
        expect([pieces.join(""), skipped]).toEqual([any, 0]);
        for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

test("bytes are only written where they make characters", () => {
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const subwords = new Subwords(learnBpe(["a"], { size: 257 }), all);
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (choices) => {
      const decoder = subwords.decoder();
      const bytes: number[] = [];
      let text = "";
      for (const choice of [...choices, 0, 0, 0]) {
        const forbidden = new Set(decoder.unwritable);
        const writable = all.filter((byte) => !forbidden.has(byte));
        const byte = writable[choice % writable.length] ?? -1;
        bytes.push(byte);
        text += decoder.push(byte);
      }
      const decode = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      // Whatever is begun at the end is left out.
      expect(decode().decode(Uint8Array.from(bytes), { stream: true })).toBe(text);
    }),
  );
});

describe("vocabulary.json", () => {
  test("is read again, of either kind", () => {
    const texts = { whole: text, training: text, source: "a.txt" };
    for (const config of [
      { minCount: 1 },
      { units: "subwords", size: 278, minCount: 2 },
    ] as const) {
      const built = buildVocabulary(config, texts);
      const read = parseVocabulary(JSON.parse(JSON.stringify(built)), "vocabulary.json");
      expect(read.toJSON()).toEqual(built.toJSON());
      expect(read.encode(text)).toEqual(built.encode(text));
      expect(read.decoder().unwritable).toEqual(built.decoder().unwritable);
    }
  });

  const json = new Subwords(learnBpe(["abab"], { size: 259 }), []).toJSON();
  test.each([
    [
      { ...json, bytes: [256] },
      'a vocabulary is { "subwords": { ... }, "bytes": [0 to 255, ...] }',
    ],
    [{ subwords: json.subwords }, 'a vocabulary is { "subwords": { ... }, "bytes"'],
    [{ ...json, subwords: {} }, "a vocabulary of subwords is"],
    [{ tokens: ["a"] }, 'a vocabulary is { "characters": ["a", "b", ...] }'],
    [null, 'a vocabulary is { "characters"'],
  ])("is refused in a line: %j", (given, fault) => {
    expect(() => parseVocabulary(given, "vocabulary.json")).toThrow(
      expect.objectContaining({
        code: "BAD_DATA",
        message: expect.stringMatching(/^vocabulary\.json: [^\n]*$/),
      }),
    );
    expect(() => parseVocabulary(given, "vocabulary.json")).toThrow(fault);
  });

  test("holds what packages/text reads", () => {
    expect(parseBpe(json.subwords).toJSON()).toEqual(json.subwords);
  });
});

test("subwords are learnt from what is trained on, characters are those of the whole text", () => {
  const texts = { whole: `${line.repeat(2)}QQQQ`, training: line.repeat(2), source: "a.txt" };
  const subwords = buildVocabulary({ units: "subwords", size: 270, minCount: 1 }, texts);
  expect(JSON.stringify(subwords)).not.toContain("Q");
  expect(JSON.stringify(buildVocabulary({ minCount: 1 }, texts))).toContain("Q");
});
