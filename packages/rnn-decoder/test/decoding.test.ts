import { beamSearch, decodeEach, type Hypothesis, sampling } from "@attend/decoding";
import { createRandom } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  makeDecoder,
  makeEncoding,
  rowOf,
  special,
  teacherForced,
  variants,
} from "./support/models.ts";

useEngine();

const words = (hypotheses: readonly Hypothesis[]) => hypotheses.map(({ tokens }) => tokens);
const seeds = [...Array(12).keys()];

describe("beam search", () => {
  test.each(variants)("$placement $score, language $languageLayer, gate $gate", (variant) => {
    const [decoder, encoding] = [makeDecoder(variant), makeEncoding(3)];
    const options = { beamWidth: 3, maxLength: 6, lengthPenalty: 0.7, attention: true };
    const found = beamSearch(decoder, encoding, special, options);
    found.forEach((hypotheses, row) => {
      expect(hypotheses).toHaveLength(3);
      const scores = hypotheses.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(new Set(words(hypotheses).map(String)).size).toBe(3);
      for (const { tokens, ended, logProbability, score, attention = [] } of hypotheses) {
        expect(tokens.length).toBeLessThanOrEqual(6);
        expect(ended || tokens.length === 6).toBe(true);
        for (const id of [0, 1, 2, 3]) expect(tokens).not.toContain(id);
        const length = tokens.length + (ended ? 1 : 0);
        expect(score).toBeCloseTo(logProbability / ((5 + length) / 6) ** 0.7, 5);
        const forced = teacherForced(decoder, rowOf(encoding, row), tokens, ended);
        expect(logProbability).toBeCloseTo(forced.logProbability, 3);
        expect(attention).toHaveLength(tokens.length);
        attention.forEach(
          (weights, step) => void expectClose(weights, forced.attention[step] ?? [], 1e-4),
        );
      }
    });
  });

  test("decoding a batch equals decoding its rows separately", () => {
    // With seeds 14 and 20, a finished row could find more while it waits for the others.
    for (const seed of [1, 2, 14, 20]) {
      const [decoder, encoding] = [makeDecoder({}, seed), makeEncoding(4, seed)];
      const options = { beamWidth: 3, maxLength: 12, lengthPenalty: 0.7 };
      const batch = beamSearch(decoder, encoding, special, options);
      batch.forEach((hypotheses, row) => {
        const [single = []] = beamSearch(decoder, rowOf(encoding, row), special, options);
        expect(words(hypotheses)).toEqual(words(single));
        expectClose(
          hypotheses.map(({ score }) => score),
          single.map(({ score }) => score),
          1e-4,
        );
      });
      decoder.dispose();
    }
  });

  test("a beam width of 1 without length penalty is greedy search", () => {
    for (const seed of seeds) {
      const [decoder, encoding] = [makeDecoder({}, seed), makeEncoding(3, seed)];
      const beams = beamSearch(decoder, encoding, special, { beamWidth: 1, maxLength: 6 });
      const greedy = decodeEach(decoder, encoding, special, { maxLength: 6 });
      expect(words(beams.flat())).toEqual(words(greedy));
      expectClose(
        beams.flat().map(({ score }) => score),
        greedy.map(({ score }) => score),
        1e-4,
      );
      decoder.dispose();
    }
  });

  test("a greedy path outside the beam keeps its image in a batch", () => {
    // Models whose greedy path wins after dropping out of a beam of two.
    for (const seed of [12, 16, 51]) {
      const [decoder, encoding] = [makeDecoder({}, seed), makeEncoding(4, seed)];
      const options = { beamWidth: 2, maxLength: 7, attention: true };
      const greedy = decodeEach(decoder, encoding, special, options);
      const found = beamSearch(decoder, encoding, special, options);
      found.forEach(([best], row) => {
        expect(best?.score).toBeGreaterThan((greedy[row]?.score ?? Number.NaN) - 1e-4);
        const { tokens = [], ended = false, logProbability, attention = [] } = best ?? {};
        const forced = teacherForced(decoder, rowOf(encoding, row), tokens, ended);
        expect(logProbability).toBeCloseTo(forced.logProbability, 3);
        attention.forEach(
          (weights, step) => void expectClose(weights, forced.attention[step] ?? [], 1e-4),
        );
      });
      decoder.dispose();
    }
  });

  test("leaks no tensors", async () => {
    const [decoder, encoding] = [makeDecoder({ languageLayer: true }), makeEncoding(2)];
    const run = () =>
      beamSearch(decoder, encoding, special, { beamWidth: 3, maxLength: 5, attention: true });
    run(); // the kernels' constants
    await expectNoLeak(run);
  });
});

describe("greedy", () => {
  test.each(variants)("$placement $score, language $languageLayer, gate $gate", (variant) => {
    const [decoder, encoding] = [makeDecoder(variant), makeEncoding(3)];
    const options = { maxLength: 6, attention: true };
    const batch = decodeEach(decoder, encoding, special, options);
    batch.forEach(({ tokens, ended, logProbability, score, attention = [] }, row) => {
      const single = rowOf(encoding, row);
      expect(decodeEach(decoder, single, special, options)[0]?.tokens).toEqual(tokens);
      expect(ended || tokens.length === 6).toBe(true);
      expect(score).toBe(logProbability);
      const forced = teacherForced(decoder, single, tokens, ended);
      expect(logProbability).toBeCloseTo(forced.logProbability, 3);
      expect(attention).toHaveLength(tokens.length);
      attention.forEach(
        (weights, step) => void expectClose(weights, forced.attention[step] ?? [], 1e-4),
      );
    });
  });

  test("leaks no tensors", async () => {
    const [decoder, encoding] = [makeDecoder({ languageLayer: true }), makeEncoding(2)];
    const choose = sampling(createRandom(1), { topK: 4, topP: 0.9 });
    const run = () => {
      decodeEach(decoder, encoding, special, { maxLength: 4, attention: true });
      decodeEach(decoder, encoding, special, { maxLength: 4, copies: 3, choose });
    };
    run(); // the kernels' constants
    await expectNoLeak(run);
  });
});

describe("sampling", () => {
  test("is seeded, and copies differ", () => {
    const [decoder, encoding] = [makeDecoder(), makeEncoding(2)];
    const sample = (seed: number) => {
      const choose = sampling(createRandom(seed), { temperature: 3 });
      return decodeEach(decoder, encoding, special, { maxLength: 6, choose, copies: 4 });
    };
    expect(sample(1)).toEqual(sample(1));
    expect(sample(1)).not.toEqual(sample(2));
    expect(sample(1)).toHaveLength(8);
    expect(new Set(sample(1).map(({ tokens }) => String(tokens))).size).toBeGreaterThan(4);
    sample(1).forEach(({ tokens, ended, logProbability }, i) => {
      const forced = teacherForced(decoder, rowOf(encoding, Math.floor(i / 4)), tokens, ended);
      expect(logProbability).toBeCloseTo(forced.logProbability, 3);
    });
  });
});
