import { readFileSync } from "node:fs";
import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { learnUnigram, Unigram } from "../../src/index.ts";
import { anyText } from "../support/any-text.ts";
import { lines, specialTokens, unmarked } from "../support/lines.ts";

/** The output of make_unigram.py. */
const golden: {
  tokens: string[];
  scores: number[];
  sentences: { text: string; pieces: string[] }[];
} = JSON.parse(readFileSync(new URL("../golden/unigram.golden.json", import.meta.url), "utf8"));

const head = { kind: "unigram", normalization: "none", special: [] } as const;
const unigram = learnUnigram(lines, { size: 600 });
const made = (scores: Record<string, number>) =>
  new Unigram({ ...head, tokens: Object.keys(scores), scores: Object.values(scores) });

describe("encode", () => {
  const ofSentencePiece = new Unigram({
    ...head,
    tokens: golden.tokens.map(unmarked),
    scores: golden.scores,
  });

  test.each(golden.sentences)("encodes $text like SentencePiece", ({ text, pieces }) => {
    const ids = ofSentencePiece.encode(text);
    expect(ids.map((id) => ofSentencePiece.token(id))).toEqual(pieces.map(unmarked));
    expect(ofSentencePiece.decode(ids)).toBe(text);
  });

  it("is reversed by decode for any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = unigram.encode(text);
        expect(unigram.decode(ids)).toBe(text);
        for (const id of ids)
          expect(id >= 0 && id < unigram.size && Number.isInteger(id)).toBe(true);
        expect(ids.reduce((sum, id) => sum + unigram.charactersOf(id), 0)).toBe([...text].length);
      }),
      { numRuns: 1000 },
    );
  });

  it("uses the most likely segmentation", () => {
    const word = fc.stringMatching(/^[abx]{1,10}$/);
    const score = fc.double({ min: -9, max: -0.1, noNaN: true });
    const tokens = fc.dictionary(fc.stringMatching(/^[ab]{1,4}$/), score, { minKeys: 1 });
    fc.assert(
      fc.property(tokens, word, (scores, text) => {
        const vocabulary = made(scores);
        const least = Math.min(...Object.values(scores), 0) - 10;
        const of = (pieces: string[]) =>
          pieces.reduce((sum, piece) => sum + (scores[piece] ?? least), 0);
        const best = Math.max(...ways(text, scores).map(of));
        const names = vocabulary.encode(text).map((id) => vocabulary.token(id));
        const taken = names
          .map((name) => String.fromCharCode(Number(/^<(0x..)>$/.exec(name)?.[1] ?? Number.NaN)))
          .map((byte, index) => (byte === "\0" ? (names[index] ?? "") : byte));
        expect(taken.join("")).toBe(text);
        expect(of(taken)).toBeCloseTo(best, 9);
      }),
    );
  });

  it("prefers the longer last token among equally likely segmentations", () => {
    const { encode, token } = bound(made({ a: -1, b: -1, ab: -2, abb: -3, bb: -2 }));
    expect(encode("abb").map(token)).toEqual(["abb"]);
  });

  it("uses bytes only for characters without a token", () => {
    const { encode, token } = bound(made({ aü: -50, a: -1 }));
    expect(encode("aü").map(token)).toEqual(["aü"]);
    expect(encode("üa").map(token)).toEqual(["<0xC3>", "<0xBC>", "a"]);
    expect(encode("a😀").map(token)).toEqual(["a", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"]);
  });

  it("never returns a special token for any text", () => {
    const special = learnUnigram(lines, { size: 600, special: specialTokens });
    const ids = special.encode("<pad>the<end>");
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(specialTokens.length);
    expect(special.decode([1, ...ids, 2, 0])).toBe("<pad>the<end>");
  });
});

describe("sample", () => {
  it("is reversed by decode, and depends on the generator's state", () => {
    const alpha = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 5, noNaN: true }));
    fc.assert(
      fc.property(anyText, alpha, fc.integer(), (text, alpha, seed) => {
        const ids = unigram.sample(text, { alpha, random: createRandom(seed) });
        expect(unigram.decode(ids)).toBe(text);
        expect(unigram.sample(text, { alpha, random: createRandom(seed) })).toEqual(ids);
      }),
    );
  });

  const scores = { a: -1.5, b: -2, ab: -2.5, ba: -3, aba: -3.5 };
  test.each([0, 0.2, 1, 3])(
    "draws each way as often as its probability to the power of %d says",
    (alpha) => {
      const vocabulary = made(scores);
      const random = createRandom(5);
      const drawn = new Map<string, number>();
      const times = 20_000;
      for (let time = 0; time < times; time++) {
        const way = vocabulary.sample("ababa", { alpha, random }).map((id) => vocabulary.token(id));
        drawn.set(way.join("|"), (drawn.get(way.join("|")) ?? 0) + 1);
      }
      const weights = ways("ababa", scores).map((way) => {
        const score = way.reduce(
          (sum, piece) => sum + (new Map(Object.entries(scores)).get(piece) ?? 0),
          0,
        );
        return { way: way.join("|"), weight: Math.exp(alpha * score) };
      });
      const total = weights.reduce((sum, { weight }) => sum + weight, 0);
      expect(weights.length).toBeGreaterThan(5);
      for (const { way, weight } of weights) {
        // at most four standard deviations
        expect(Math.abs((drawn.get(way) ?? 0) / times - weight / total), way).toBeLessThan(0.015);
      }
    },
  );

  it("returns segmentations other than the best, more of them for a lower alpha", () => {
    const random = createRandom(1);
    const line = lines[0] ?? "";
    const differing = (alpha: number) => {
      const kinds = Array.from({ length: 50 }, () =>
        unigram.sample(line, { alpha, random }).join(),
      );
      return new Set(kinds).size;
    };
    expect(differing(100)).toBeLessThan(differing(0.1));
    expect(unigram.sample(line, { alpha: 1e6, random })).toEqual(unigram.encode(line));
    expect(unigram.sample("", { random })).toEqual([]);
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])("rejects an alpha of %d", (alpha) => {
    expect(() => unigram.sample("a", { alpha, random: createRandom(1) })).toThrow(
      `alpha is ${alpha}; give a number of at least 0, such as 0.2`,
    );
  });
});

/** All segmentations of a text into tokens, or single characters without a token. */
function ways(text: string, tokens: Readonly<Record<string, number>>): string[][] {
  if (text === "") return [[]];
  return Array.from({ length: text.length }, (_, index) => text.slice(0, index + 1))
    .filter((first) => first.length === 1 || Object.hasOwn(tokens, first))
    .flatMap((first) => ways(text.slice(first.length), tokens).map((rest) => [first, ...rest]));
}

function bound(vocabulary: ReturnType<typeof made>) {
  return {
    encode: (text: string) => vocabulary.encode(text),
    token: (id: number) => vocabulary.token(id),
  };
}
