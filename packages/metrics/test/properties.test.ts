import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CaptionScores,
  createCiderScorer,
  evaluateCaptions,
  scoreBleu,
  scoreCider,
  scoreCorpusBleu,
  scoreMeteor,
  scoreRougeL,
} from "../src/index.ts";

const word = fc.constantFrom("a", "the", "dog", "dogs", "running", "runs", "on", "grass", "'s");
const sentence = fc.array(word, { maxLength: 12 });
const image = fc.record({
  candidate: sentence,
  references: fc.array(sentence, { minLength: 1, maxLength: 4 }),
});
const corpus = fc.array(image, { minLength: 1, maxLength: 6 }).map((images) => ({
  candidates: images.map(({ candidate }) => candidate),
  references: images.map(({ references }) => references),
}));

function flat(scores: CaptionScores): number[] {
  return [...scores.bleu, scores.rougeL, scores.cider, scores.ciderD, scores.meteor];
}

describe("every metric", () => {
  it("stays within its range", () => {
    fc.assert(
      fc.property(corpus, ({ candidates, references }) => {
        const { perImage, ...whole } = evaluateCaptions(candidates, references, { perImage: true });
        expect(perImage.length).toBe(candidates.length);
        for (const scores of [whole, ...perImage]) {
          for (const score of [...scores.bleu, scores.rougeL, scores.meteor]) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1 + 1e-9);
          }
          for (const score of [scores.cider, scores.ciderD]) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(10 + 1e-9);
          }
        }
        for (const smoothing of ["none", "exp"] as const) {
          for (const score of scoreCorpusBleu(candidates, references, { smoothing })) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1 + 1e-9);
          }
        }
      }),
    );
  });

  it("does not depend on the order of an image's references", () => {
    fc.assert(
      fc.property(corpus, ({ candidates, references }) => {
        const reversed = references.map((sentences) => sentences.toReversed());
        const { perImage } = evaluateCaptions(candidates, references, { perImage: true });
        const again = evaluateCaptions(candidates, reversed, { perImage: true }).perImage;
        for (const [i, scores] of perImage.entries()) {
          for (const [metric, score] of flat(scores).entries()) {
            expect(flat(again[i]!)[metric]).toBeCloseTo(score, 10);
          }
        }
      }),
    );
  });

  it("does not depend on the order of the images", () => {
    fc.assert(
      fc.property(corpus, fc.nat(), ({ candidates, references }, seed) => {
        const order = createRandom(seed).shuffle([...candidates.keys()]);
        const shuffled = evaluateCaptions(
          order.map((i) => candidates[i]!),
          order.map((i) => references[i]!),
        );
        const expected = flat(evaluateCaptions(candidates, references));
        for (const [metric, score] of flat(shuffled).entries()) {
          expect(score).toBeCloseTo(expected[metric]!, 10);
        }
      }),
    );
  });

  it("is highest for a candidate that equals a reference", () => {
    const long = fc.uniqueArray(fc.constantFrom(..."abcdefghijkl"), { minLength: 4 });
    fc.assert(
      fc.property(long, fc.array(sentence, { maxLength: 3 }), (candidate, others) => {
        const references = [[...others, candidate], [["far", "away", "from", "there"]]];
        const { perImage } = evaluateCaptions([candidate, ["z"]], references, { perImage: true });
        for (const bleu of perImage[0]!.bleu) expect(bleu).toBeCloseTo(1, 6);
        expect(perImage[0]!.rougeL).toBeCloseTo(1, 10);
        expect(perImage[0]!.meteor).toBeCloseTo(1, 10);
        if (others.length === 0) {
          expect(perImage[0]!.cider).toBeCloseTo(10, 10);
          expect(perImage[0]!.ciderD).toBeCloseTo(10, 10);
        }
      }),
    );
  });

  it("scores a repetitive candidate no higher in CIDEr-D than in CIDEr", () => {
    fc.assert(
      fc.property(corpus, ({ candidates, references }) => {
        const plain = scoreCider(candidates, references, { variant: "cider" }).perImage;
        const strict = scoreCider(candidates, references, { variant: "cider-d" }).perImage;
        for (const [i, score] of strict.entries()) {
          expect(score).toBeLessThanOrEqual(plain[i]! + 1e-9);
        }
      }),
    );
  });

  it("accepts ids instead of words, except in METEOR", () => {
    fc.assert(
      fc.property(corpus, ({ candidates, references }) => {
        const ids = new Map<string, number>();
        const id = (token: string) => {
          const known = ids.get(token) ?? ids.size;
          ids.set(token, known);
          return known;
        };
        const numbers = candidates.map((words) => words.map(id));
        const numbered = references.map((sentences) => sentences.map((words) => words.map(id)));
        expect(scoreBleu(numbers, numbered)).toEqual(scoreBleu(candidates, references));
        expect(scoreRougeL(numbers, numbered)).toEqual(scoreRougeL(candidates, references));
        expect(scoreCider(numbers, numbered)).toEqual(scoreCider(candidates, references));
      }),
    );
  });
});

describe("evaluateCaptions", () => {
  const candidates = new Map([
    ["b.jpg", ["a", "dog"]],
    ["a.jpg", ["two", "cats", "sleep"]],
  ]);
  const references = new Map([
    ["a.jpg", [["two", "cats", "sleep"]]],
    ["b.jpg", [["a", "brown", "dog"], ["dog"]]],
  ]);

  it("matches maps by image", () => {
    const byIndex = evaluateCaptions(
      [candidates.get("b.jpg")!, candidates.get("a.jpg")!],
      [references.get("b.jpg")!, references.get("a.jpg")!],
      { perImage: true },
    );
    expect(evaluateCaptions(candidates, references, { perImage: true })).toEqual(byIndex);
    expect(evaluateCaptions(candidates, references)).not.toHaveProperty("perImage");
  });

  it("names the image without a candidate or references", () => {
    const one = new Map([["b.jpg", ["a", "dog"]]]);
    expect(() => evaluateCaptions(one, references)).toThrow(/a\.jpg has no candidate/);
    const more = new Map([...candidates, ["c.jpg", ["a"]] as const]);
    expect(() => evaluateCaptions(more, references)).toThrow(/c\.jpg has no reference/);
  });

  it("rejects an array with a map", () => {
    expect(() => evaluateCaptions([["a"]], references)).toThrow(/two arrays .* or two maps/);
  });
});

describe.each([
  ["scoreBleu", scoreBleu],
  ["scoreCorpusBleu", scoreCorpusBleu],
  ["scoreRougeL", scoreRougeL],
  ["scoreCider", scoreCider],
  ["scoreMeteor", scoreMeteor],
  ["evaluateCaptions", evaluateCaptions],
] as const)("%s rejects", (_, score) => {
  it("a corpus without images", () => {
    expect(() => score([], [])).toThrow(AttendError);
  });

  it("an image without references", () => {
    expect(() => score([["a"], ["b"]], [[["a"]], []])).toThrow(/image 1 .* no reference/);
  });

  it("different numbers of candidates and images", () => {
    expect(() => score([["a"], ["b"]], [[["a"]]])).toThrow(/2 candidates .* 1 images/);
  });
});

describe("createCiderScorer", () => {
  it("accepts a candidate whose words are in no reference", () => {
    const scorer = createCiderScorer<string>([[["a", "dog"]], [["a", "cat"]]]);
    expect(scorer.score(0, ["x", "y", "x", "y"])).toBe(0);
    expect(scorer.score(0, ["dog", "x"])).toBeGreaterThan(0);
  });
});
