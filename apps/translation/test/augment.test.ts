import { createRandom } from "@attend/runtime/random";
import { learnTokenizers } from "@attend/translator";
import { describe, expect, it } from "vitest";
import { augment, encodePairs } from "../src/dataset.ts";

const pairs = [
  { source: "A man is riding a bicycle.", target: "Ein Mann fährt Fahrrad." },
  { source: "Two dogs", target: "Zwei Hunde." },
];
const tokenizers = learnTokenizers([...pairs, ...pairs], {
  ...{ kind: "bpe", size: 310, shared: true, minCount: 1, coverage: 1 },
  ...{ normalization: "none", lowerCase: false },
});
const [first, second] = encodePairs(pairs, tokenizers, 100).examples;
if (first === undefined || second === undefined) throw new TypeError("expected two examples");
const { source, target } = tokenizers;
const nothing = { sampleSubwords: false, lowerCase: 0, noFinalMark: 0 };
const options = { ...nothing, random: createRandom(1), maxTokens: 100 };
const textsOf = (example: typeof first) => [
  source.decode(example.source),
  target.decode(example.target),
];

describe("augment", () => {
  it("changes nothing by default", () => {
    expect(augment(first, tokenizers, options)).toBe(first);
  });

  it("converts the source to lowercase", () => {
    const changed = augment(first, tokenizers, { ...options, lowerCase: 1 });
    expect(textsOf(changed)).toEqual(["a man is riding a bicycle.", "Ein Mann fährt Fahrrad."]);
  });

  it("removes the final punctuation of both sides or none", () => {
    const noMark = { ...options, noFinalMark: 1 };
    expect(textsOf(augment(first, tokenizers, noMark))).toEqual([
      "A man is riding a bicycle",
      "Ein Mann fährt Fahrrad",
    ]);
    expect(textsOf(augment(second, tokenizers, noMark))).toEqual(["Two dogs", "Zwei Hunde."]);
  });

  it("segments the same text into different subwords, with the end token last", () => {
    const variants = Array.from({ length: 20 }, () =>
      augment(first, tokenizers, { ...options, sampleSubwords: true }),
    );
    expect(new Set(variants.map((variant) => variant.source.join())).size).toBeGreaterThan(1);
    expect(new Set(variants.map((variant) => variant.target.join())).size).toBeGreaterThan(1);
    for (const variant of variants) {
      expect(textsOf(variant)).toEqual([pairs[0]?.source, pairs[0]?.target]);
      expect(variant.source.at(-1)).toBe(source.special?.end);
    }
  });

  it("respects the maximum number of tokens", () => {
    const maxTokens = first.source.length;
    for (let i = 0; i < 20; i++) {
      const variant = augment(first, tokenizers, { ...options, maxTokens, sampleSubwords: true });
      expect(variant.source.length).toBeLessThanOrEqual(maxTokens);
    }
  });
});
