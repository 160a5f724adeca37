import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWordPiece } from "../../src/index.ts";

/** By Hugging Face's tokenizers. */
const golden: {
  readonly tokenizer: Record<string, unknown> & { model: Record<string, unknown> };
  readonly texts: readonly { readonly text: string; readonly ids: number[] }[];
} = JSON.parse(readFileSync(new URL("../golden/wordpiece.golden.json", import.meta.url), "utf8"));

describe("a WordPiece tokenizer", () => {
  const tokenizer = parseWordPiece(golden.tokenizer);

  test("gives the ids of the reference, also to accents, Chinese, control characters and random text", () => {
    const texts = golden.texts.map(({ text }) => ({ text, ids: tokenizer.encode(text) }));
    expect(texts).toEqual(golden.texts);
    expect(texts.length).toBeGreaterThan(400);
  });

  test("cuts off long texts before the end token", () => {
    const { start, end } = tokenizer.special;
    const ids = tokenizer.encode("the light the light the light", { maxTokens: 4 });
    expect(ids).toHaveLength(4);
    expect([ids[0], ids[3]]).toEqual([start, end]);
    expect(ids).toEqual([...tokenizer.encode("the light the light").slice(0, 3), end]);
  });

  test("frames any text, with ids of the vocabulary", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(text, (given) => {
        const ids = tokenizer.encode(given);
        const { start, end } = tokenizer.special;
        expect([ids[0], ids.at(-1)]).toEqual([start, end]);
        expect(ids.every((id) => id >= 0 && id < tokenizer.size)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test("keeps case and accents if its file says so", () => {
    const normalizer = { ...(golden.tokenizer["normalizer"] as object), lowercase: false };
    const cased = parseWordPiece({ ...golden.tokenizer, normalizer });
    expect(cased.encode("THE")).toContain(cased.special.unknown);
    expect(tokenizer.encode("THE")).toEqual(tokenizer.encode("the"));
  });
});

test("is written as it is read", () => {
  const tokenizer = parseWordPiece(golden.tokenizer);
  const copy = parseWordPiece(JSON.parse(JSON.stringify(tokenizer)));
  expect(copy.toJSON()).toEqual(tokenizer.toJSON());
  for (const { text, ids } of golden.texts) expect(copy.encode(text)).toEqual(ids);
});

describe("a file that is none", () => {
  test.each<[string, object, string]>([
    ["another model", { model: { type: "BPE", vocab: {}, merges: [] } }, "model.type"],
    ["another normalizer", { normalizer: { type: "NFC" } }, "normalizer.type"],
    ["no vocabulary", { model: { type: "WordPiece" } }, "model.vocab"],
  ])("%s", (_, change, key) => {
    const parse = () => parseWordPiece({ ...golden.tokenizer, ...change }, "tokenizer.json");
    expect(parse).toThrow(/^tokenizer\.json: .*use the tokenizer\.json of a BERT model/s);
    expect(parse).toThrow(key);
  });

  test("a vocabulary without [CLS]", () => {
    const { "[CLS]": _, ...vocab } = golden.tokenizer.model["vocab"] as Record<string, number>;
    const model = { ...golden.tokenizer.model, vocab };
    expect(() => parseWordPiece({ ...golden.tokenizer, model })).toThrow("has no [CLS]");
  });
});
