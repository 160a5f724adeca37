import { describe, expect, it } from "vitest";
import {
  bleuMetric,
  chrfMetric,
  pairedBootstrap,
  scoreChrf,
  scoreSacreBleu,
  scoreSentenceBleu,
  scoreTer,
  terMetric,
  tokenizeForBleu,
} from "../src/index.ts";
import { compareResampled } from "../src/translation/resampling.ts";
import { wordsForTer } from "../src/translation/ter-words.ts";
import { corpora, golden, terOptions } from "./mt-golden.ts";

describe.each(golden.tokens)("the tokens of $line", ({ line, bleu, lower, ter }) => {
  it.each(["13a", "intl", "zh", "char", "none"] as const)(
    "by %s equal sacreBLEU's",
    (tokenizer) => {
      expect(tokenizeForBleu(line, tokenizer)).toEqual(bleu[tokenizer]);
    },
  );

  it("in lower case equal sacreBLEU's", () => {
    expect(tokenizeForBleu(line, "13a", { lowercase: true })).toEqual(lower);
  });

  it("for TER equal sacreBLEU's", () => {
    for (const [i, options] of terOptions.entries()) {
      expect(wordsForTer(line, options), JSON.stringify(options)).toEqual(ter[i]);
    }
  });
});

describe.each(corpora)("$name", ({ hypotheses, references, bleu, chrf, ter }) => {
  it.each(bleu)("BLEU equals sacreBLEU's with $options", (expected) => {
    const score = scoreSacreBleu(hypotheses, references, expected.options);
    expect(score.score).toBeCloseTo(expected.score, 9);
    expect(score.brevityPenalty).toBeCloseTo(expected.bp, 10);
    for (const [n, precision] of expected.precisions.entries()) {
      expect(score.precisions[n]).toBeCloseTo(precision, 9);
    }
    expect([score.hypothesisLength, score.referenceLength]).toEqual(expected.lengths);
    expect(withoutVersion(score.signature)).toBe(expected.signature);
    for (const [line, hypothesis] of hypotheses.entries()) {
      const sentence = scoreSentenceBleu(hypothesis, references[line]!, expected.options);
      expect(sentence.score, hypothesis).toBeCloseTo(expected.perLine[line]!, 9);
    }
  });

  it.each(chrf)("$name equals sacreBLEU's with $options", (expected) => {
    const score = scoreChrf(hypotheses, references, expected.options);
    expect(score.score).toBeCloseTo(expected.score, 9);
    expect(withoutVersion(score.signature)).toBe(expected.signature);
    expect(chrfMetric(expected.options).name).toBe(expected.name);
    for (const [line, hypothesis] of hypotheses.entries()) {
      const sentence = scoreChrf([hypothesis], [references[line]!], expected.options);
      expect(sentence.score, hypothesis).toBeCloseTo(expected.perLine[line]!, 9);
    }
  });

  it.each(ter)("TER equals sacreBLEU's with $options", (expected) => {
    const score = scoreTer(hypotheses, references, expected.options);
    expect(score.score).toBeCloseTo(expected.score, 9);
    expect(score.edits).toBe(expected.edits);
    expect(score.referenceLength).toBeCloseTo(expected.length, 9);
    expect(withoutVersion(score.signature)).toBe(expected.signature);
    for (const [line, hypothesis] of hypotheses.entries()) {
      const sentence = scoreTer([hypothesis], [references[line]!], expected.options);
      expect(sentence.score, hypothesis).toBeCloseTo(expected.perLine[line]!, 9);
    }
  });
});

describe("paired bootstrap resampling", () => {
  const { baseline, system, references, samples, results } = golden.bootstrap;
  const metrics = [bleuMetric(), chrfMetric(), chrfMetric({ wordOrder: 2 }), terMetric()];

  it.each(results)("equals sacreBLEU's for $name", (expected) => {
    const metric = metrics.find(({ name }) => name === expected.name)!;
    const rows = (texts: readonly string[]) =>
      texts.map((text, line) => metric.statistics(text, references[line]!));
    const comparison = compareResampled(
      metric,
      rows(baseline),
      rows(system),
      samples,
      scriptRandom(),
    );
    for (const who of ["baseline", "system"] as const) {
      expect(comparison[who].score).toBeCloseTo(expected[who].score, 9);
      expect(comparison[who].mean).toBeCloseTo(expected[who].mean, 9);
      expect(comparison[who].margin).toBeCloseTo(expected[who].ci, 9);
    }
    expect(comparison.pValue).toBeCloseTo(expected.system.p_value!, 12);
    const { signature } = pairedBootstrap(metric, { baseline, system, references }, { samples });
    expect(withoutVersion(signature)).toBe(expected.signature);
  });
});

/** Draws the same lines as the script. */
function scriptRandom(): { integer(below: number): number } {
  let state = 1;
  return {
    integer(below) {
      state = (state * 48271) % 2147483647;
      return state % below;
    },
  };
}

function withoutVersion(signature: string): string {
  expect(signature).toMatch(/\|version:attend-\d+\.\d+\.\d+$/);
  return signature.slice(0, signature.lastIndexOf("|"));
}
