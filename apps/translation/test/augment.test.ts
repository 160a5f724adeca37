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
if (first === undefined || second === undefined) throw new TypeError("two pairs are encoded");
const { source, target } = tokenizers;
const nothing = { sampleSubwords: false, lowerCase: 0, noFinalMark: 0 };
const given = { ...nothing, random: createRandom(1), maxTokens: 100 };
const textsOf = (example: typeof first) => [
  source.decode(example.source),
  target.decode(example.target),
];

describe("augment", () => {
  it("changes nothing without being asked", () => {
    expect(augment(first, tokenizers, given)).toBe(first);
  });

  it("puts the source in lower case", () => {
    const changed = augment(first, tokenizers, { ...given, lowerCase: 1 });
    expect(textsOf(changed)).toEqual(["a man is riding a bicycle.", "Ein Mann fährt Fahrrad."]);
  });

  it("takes the final mark off both sides, or off none", () => {
    const asked = { ...given, noFinalMark: 1 };
    expect(textsOf(augment(first, tokenizers, asked))).toEqual([
      "A man is riding a bicycle",
      "Ein Mann fährt Fahrrad",
    ]);
    expect(textsOf(augment(second, tokenizers, asked))).toEqual(["Two dogs", "Zwei Hunde."]);
  });

  it("cuts the same text into other subwords, the end still last", () => {
    const cuts = Array.from({ length: 20 }, () =>
      augment(first, tokenizers, { ...given, sampleSubwords: true }),
    );
    expect(new Set(cuts.map((cut) => cut.source.join())).size).toBeGreaterThan(1);
    expect(new Set(cuts.map((cut) => cut.target.join())).size).toBeGreaterThan(1);
    for (const cut of cuts) {
      expect(textsOf(cut)).toEqual([pairs[0]?.source, pairs[0]?.target]);
      expect(cut.source.at(-1)).toBe(source.special?.end);
    }
  });

  it("keeps to the most tokens that a side may have", () => {
    const maxTokens = first.source.length;
    for (let i = 0; i < 20; i++) {
      const cut = augment(first, tokenizers, { ...given, maxTokens, sampleSubwords: true });
      expect(cut.source.length).toBeLessThanOrEqual(maxTokens);
    }
  });
});
