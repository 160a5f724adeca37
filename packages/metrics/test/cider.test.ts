import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import { describe, expect, it } from "vitest";
import { type CiderVariant, createCiderScorer, scoreCider } from "../src/index.ts";
import { goldenCorpora } from "./golden.ts";

const variants: [CiderVariant, "cider" | "ciderD"][] = [
  ["cider", "cider"],
  ["cider-d", "ciderD"],
];

describe.each(variants)("%s", (variant, key) => {
  it.each(goldenCorpora)("equals the reference implementation on $name", (corpus) => {
    const { score, perImage } = scoreCider(corpus.candidates, corpus.references, { variant });
    expect(score).toBeCloseTo(corpus[key].score, 10);
    for (const [image, expected] of corpus[key].perImage.entries()) {
      expect(perImage[image], corpus.candidates[image]?.join(" ")).toBeCloseTo(expected, 10);
    }
  });

  it("gives the same for words and for their ids", () => {
    for (const { candidates, references } of goldenCorpora) {
      const ids = new Map<string, number>();
      const number = (words: readonly string[]) =>
        words.map((word) => ids.set(word, ids.get(word) ?? ids.size * 7 + 3).get(word) ?? -1);
      const numbers = scoreCider(
        candidates.map(number),
        references.map((sentences) => sentences.map(number)),
        { variant },
      );
      expect(numbers).toEqual(scoreCider(candidates, references, { variant }));
    }
  });

  it("keeps nothing of the previous candidate", () => {
    const { candidates, references } = goldenCorpora[1]!;
    const scorer = createCiderScorer(references, { variant });
    const once = candidates.map((candidate, image) => scorer.score(image, candidate));
    const order = createRandom(5).shuffle([...candidates.keys()]);
    for (const image of order) expect(scorer.score(image, candidates[image]!)).toBe(once[image]);
  });
});

describe("a reference scored against the image's others", () => {
  it("is not compared with itself", () => {
    const { references } = goldenCorpora[1]!;
    const scorer = createCiderScorer(references);
    const several = [...references.entries()].filter(([, sentences]) => sentences.length > 1);
    expect(several.length).toBeGreaterThan(0);
    for (const [image, sentences] of several) {
      for (const [place, sentence] of sentences.entries()) {
        const one = sentences.map((_, at) => scorer.score(image, sentence, at));
        // Each score is the mean over all but one, so their mean is the mean over all.
        const mean = one.reduce((sum, score) => sum + score, 0) / one.length;
        expect(mean).toBeCloseTo(scorer.score(image, sentence), 10);
        expect(one[place]).toBeLessThan(scorer.score(image, sentence));
      }
    }
  });

  it("is 0 without other references", () => {
    const scorer = createCiderScorer([[["a", "dog"]], [["a", "cat"]]]);
    expect(scorer.score(0, ["a", "dog"], 0)).toBe(0);
    expect(scorer.score(0, ["a", "dog"])).toBeGreaterThan(0);
  });
});

describe("createCiderScorer", () => {
  const references = [[["a", "dog"]], [["a", "cat"], ["cats"]]];

  it("computes CIDEr-D by default", () => {
    const { candidates, references, ciderD } = goldenCorpora[1]!;
    expect(scoreCider(candidates, references).score).toBeCloseTo(ciderD.score, 10);
  });

  it("rejects a corpus without references", () => {
    expect(() => createCiderScorer([])).toThrow(AttendError);
    expect(() => createCiderScorer([[["a"]], []])).toThrow(/image 1 .* no reference/);
  });

  it.each([-1, 2, 0.5, Number.NaN])("rejects image %d", (image) => {
    expect(() => createCiderScorer(references).score(image, ["a"])).toThrow(/images 0 to 1/);
  });

  it("rejects different numbers of candidates and images", () => {
    expect(() => scoreCider([["a"]], references)).toThrow(/1 candidates .* 2 images/);
  });
});
