import { describe, expect, it } from "vitest";
import {
  evaluateCaptions,
  scoreBleu,
  scoreCorpusBleu,
  scoreMeteor,
  scoreRougeL,
} from "../src/index.ts";
import { goldenCorpora } from "./golden.ts";

describe.each(goldenCorpora)("on $name", (golden) => {
  const { candidates, references } = golden;

  it("BLEU equals pycocoevalcap", () => {
    const { score, perImage } = scoreBleu(candidates, references);
    for (let n = 0; n < 4; n++) {
      expect(score[n]).toBeCloseTo(golden.bleu.score[n]!, 10);
      for (const [image, bleu] of perImage.entries()) {
        const expected = golden.bleu.perImage[n]![image]!;
        expect(bleu[n], `BLEU-${n + 1} of ${candidates[image]?.join(" ")}`).toBeCloseTo(
          expected,
          10,
        );
      }
    }
  });

  it.each(["none", "exp"] as const)("corpus BLEU equals sacreBLEU, smoothing %s", (smoothing) => {
    const bleu = scoreCorpusBleu(candidates, references, { smoothing });
    for (let n = 0; n < 4; n++) expect(bleu[n]).toBeCloseTo(golden.sacrebleu[smoothing][n]!, 10);
  });

  it("ROUGE-L equals pycocoevalcap", () => {
    const { score, perImage } = scoreRougeL(candidates, references);
    expect(score).toBeCloseTo(golden.rougeL.score, 10);
    for (const [image, expected] of golden.rougeL.perImage.entries()) {
      expect(perImage[image], candidates[image]?.join(" ")).toBeCloseTo(expected, 10);
    }
  });

  it("METEOR equals meteor-1.5.jar", () => {
    const { score, perImage } = scoreMeteor(candidates, references);
    for (const [image, expected] of golden.meteor.perImage.entries()) {
      expect(perImage[image], candidates[image]?.join(" ")).toBeCloseTo(expected, 10);
    }
    expect(score).toBeCloseTo(golden.meteor.score, 10);
  });

  it("evaluateCaptions gives all of them", () => {
    const scores = evaluateCaptions(candidates, references);
    for (let n = 0; n < 4; n++) expect(scores.bleu[n]).toBeCloseTo(golden.bleu.score[n]!, 10);
    expect(scores.rougeL).toBeCloseTo(golden.rougeL.score, 10);
    expect(scores.cider).toBeCloseTo(golden.cider.score, 10);
    expect(scores.ciderD).toBeCloseTo(golden.ciderD.score, 10);
    expect(scores.meteor).toBeCloseTo(golden.meteor.score, 10);
  });
});
