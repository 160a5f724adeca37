import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beamSearch, decodeEach, type Hypothesis } from "../src/index.ts";
import {
  makeDecoder,
  makeEncoding,
  rowOf,
  special,
  teacherForced,
  variants,
} from "./support/models.ts";
import { TableDecoder } from "./support/table-decoder.ts";

useEngine();

const words = (hypotheses: readonly Hypothesis[]) => hypotheses.map(({ tokens }) => tokens);
const seeds = [...Array(12).keys()];

/** The score of what greedy search found, as beam search ranks it. */
function scoreOf(greedy: Hypothesis | undefined, lengthPenalty: number): number {
  const { tokens = [], ended = false, logProbability = Number.NaN } = greedy ?? {};
  return logProbability / ((5 + tokens.length + (ended ? 1 : 0)) / 6) ** lengthPenalty;
}

describe("on an attention decoder", () => {
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
          (looked, step) => void expectClose(looked, forced.attention[step] ?? [], 1e-4),
        );
      }
    });
  });

  test("a batch decodes as each row alone", () => {
    // In 14 and 20 a row whose search is over could find more while it waits for the others.
    for (const seed of [1, 2, 14, 20]) {
      const [decoder, encoding] = [makeDecoder({}, seed), makeEncoding(4, seed)];
      const options = { beamWidth: 3, maxLength: 12, lengthPenalty: 0.7 };
      const batch = beamSearch(decoder, encoding, special, options);
      batch.forEach((hypotheses, row) => {
        const [alone = []] = beamSearch(decoder, rowOf(encoding, row), special, options);
        expect(words(hypotheses)).toEqual(words(alone));
        expectClose(
          hypotheses.map(({ score }) => score),
          alone.map(({ score }) => score),
          1e-4,
        );
      });
      decoder.dispose();
    }
  });

  test("one beam without length penalty is greedy search", () => {
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

  test("a greedy path out of its beam keeps its own picture, in whatever batch", () => {
    // Models whose greedy path wins after it has dropped out of a beam of two.
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
          (looked, step) => void expectClose(looked, forced.attention[step] ?? [], 1e-4),
        );
      });
      decoder.dispose();
    }
  });

  test("leaves no tensor behind", async () => {
    const [decoder, encoding] = [makeDecoder({ languageLayer: true }), makeEncoding(2)];
    const run = () =>
      beamSearch(decoder, encoding, special, { beamWidth: 3, maxLength: 5, attention: true });
    run(); // the kernels' constants
    await expectNoLeak(run);
  });
});

describe("on known probabilities", () => {
  function randomTable(seed: number, size = 6): tf.Tensor2D {
    const random = createRandom(seed);
    return tf.tensor2d(
      Float32Array.from({ length: size * size }, () => 2 * random.normal()),
      [size, size],
    );
  }

  /** Every sequence of at most `maxLength` tokens over 4 and 5 with its log-probability. */
  function enumerate(table: tf.Tensor2D, maxLength: number): { tokens: number[]; score: number }[] {
    const allowed = tf.add(table, tf.tensor1d([-1e9, -1e9, 0, -1e9, 0, 0]));
    const logs = tf.logSoftmax(allowed).arraySync() as number[][];
    const from = (last: number, token: number) => logs[last]?.[token] ?? Number.NaN;
    const go = (tokens: number[], score: number): { tokens: number[]; score: number }[] => {
      const last = tokens.at(-1) ?? 1;
      // The last token can only be the end, or cut off.
      if (tokens.length === maxLength) return [{ tokens, score }];
      const longer = [4, 5].flatMap((next) => go([...tokens, next], score + from(last, next)));
      return [{ tokens, score: score + from(last, 2) }, ...longer];
    };
    return go([], 0).sort((a, b) => b.score - a.score);
  }

  test("a beam as wide as all beginnings finds the best of all sequences", () => {
    for (const seed of seeds) {
      const table = randomTable(seed);
      const [best] = enumerate(table, 3);
      const [found] = beamSearch(new TableDecoder(table), 1, special, {
        beamWidth: 8,
        maxLength: 3,
      });
      expect(found?.[0]?.tokens).toEqual(best?.tokens);
      expect(found?.[0]?.score).toBeCloseTo(best?.score ?? 0, 4);
    }
  });

  test("a beam never scores below greedy search, and often above", () => {
    const model = fc.record({
      seed: fc.integer(),
      beamWidth: fc.integer({ min: 1, max: 4 }),
      maxLength: fc.integer({ min: 1, max: 9 }),
      lengthPenalty: fc.constantFrom(0, 0.7, 1.5),
    });
    let better = 0;
    fc.assert(
      fc.property(model, ({ seed, ...options }) => {
        const decoder = new TableDecoder(randomTable(seed, 12));
        const [greedy] = decodeEach(decoder, 1, special, options);
        const [[found] = []] = beamSearch(decoder, 1, special, options);
        const gain = (found?.score ?? Number.NaN) - scoreOf(greedy, options.lengthPenalty);
        expect(gain).toBeGreaterThan(-1e-4);
        if (gain > 1e-4) better++;
      }),
      { numRuns: 200 },
    );
    expect(better).toBeGreaterThan(20);
  });

  test("the length penalty prefers longer captions", () => {
    // Ending at once is likelier than going on, yet not by word.
    const logits = [
      [0, 0, 0, 0, 0, 0],
      [-9, -9, 0.1, -9, 0, -9],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
      [-9, -9, -9, -9, -9, 9],
      [-9, -9, 9, -9, -9, -9],
    ];
    const decoder = new TableDecoder(tf.tensor2d(logits));
    const best = (lengthPenalty: number) =>
      beamSearch(decoder, 1, special, { beamWidth: 2, maxLength: 5, lengthPenalty })[0]?.[0]
        ?.tokens;
    expect(best(0)).toEqual([]);
    expect(best(1)).toEqual([4, 5]);
  });

  test("where fewer sequences exist than beams, only those are found", () => {
    const table = tf.fill<tf.Rank.R2>([6, 6], 0);
    const [found = []] = beamSearch(new TableDecoder(table), 1, special, {
      beamWidth: 8,
      maxLength: 1,
    });
    expect(words(found).map(String).sort()).toEqual(["", "4", "5"]);
    expect(found.every(({ logProbability }) => Number.isFinite(logProbability))).toBe(true);
  });
});

test.each([
  [{ beamWidth: 0, maxLength: 5 }, "beamWidth is 0; it must be a whole number from 1 on"],
  [{ beamWidth: 1.5, maxLength: 5 }, "beamWidth is 1.5; it must be a whole number from 1 on"],
  [{ beamWidth: 2, maxLength: 0 }, "maxLength is 0; it must be a whole number from 1 on"],
  [
    { beamWidth: 2, maxLength: 5, lengthPenalty: -1 },
    "lengthPenalty is -1; it must be a number from 0 on",
  ],
  [{ beamWidth: 2, maxLength: 5, lengthPenalty: Number.NaN }, "lengthPenalty is NaN; it must be"],
])("%j is refused", (options, message) => {
  expect(() => beamSearch(new TableDecoder(tf.zeros([6, 6])), 1, special, options)).toThrow(
    message,
  );
});
