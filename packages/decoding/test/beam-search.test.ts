import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beamSearch, decodeEach, type Hypothesis } from "../src/index.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

const words = (hypotheses: readonly Pick<Hypothesis, "tokens">[]) =>
  hypotheses.map(({ tokens }) => tokens);
const seeds = [...Array(12).keys()];

/** The score of a greedy hypothesis in beam search. */
function scoreOf(greedy: Hypothesis | undefined, lengthPenalty: number): number {
  const { tokens = [], ended = false, logProbability = Number.NaN } = greedy ?? {};
  return logProbability / ((5 + tokens.length + (ended ? 1 : 0)) / 6) ** lengthPenalty;
}

describe("with known probabilities", () => {
  function randomTable(seed: number, size = 6): tf.Tensor2D {
    const random = createRandom(seed);
    return tf.tensor2d(
      Float32Array.from({ length: size * size }, () => 2 * random.normal()),
      [size, size],
    );
  }

  /** All sequences of at most `maxLength` tokens 4 and 5, with their log-probabilities. */
  function enumerate(table: tf.Tensor2D, maxLength: number): { tokens: number[]; score: number }[] {
    const allowed = tf.add(table, tf.tensor1d([-1e9, -1e9, 0, -1e9, 0, 0]));
    const logs = tf.logSoftmax(allowed).arraySync() as number[][];
    const from = (last: number, token: number) => logs[last]?.[token] ?? Number.NaN;
    const go = (tokens: number[], score: number): { tokens: number[]; score: number }[] => {
      const last = tokens.at(-1) ?? 1;
      // Cut off: no end follows.
      if (tokens.length === maxLength) return [{ tokens, score }];
      const longer = [4, 5].flatMap((next) => go([...tokens, next], score + from(last, next)));
      return [{ tokens, score: score + from(last, 2) }, ...longer];
    };
    return go([], 0).sort((a, b) => b.score - a.score);
  }

  test("a beam as wide as all prefixes finds the best of all sequences", () => {
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

  test("a wide beam finds all sequences that satisfy constraints, in order of score", () => {
    for (const seed of seeds) {
      const table = randomTable(seed);
      const prefix = [[4], [5, 5], []][seed % 3] ?? [];
      const options = { maxLength: 4, minLength: 2, noRepeatNgram: 2, prefix: [prefix] };
      const expected = enumerate(table, 4).filter(({ tokens }) => {
        const bigrams = tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
        const hasPrefix = prefix.every((token, i) => tokens[i] === token);
        return hasPrefix && tokens.length >= 2 && new Set(bigrams).size === bigrams.length;
      });
      const [found = []] = beamSearch(new TableDecoder(table), 1, special, {
        ...options,
        beamWidth: 32,
      });
      // Sorted, because sequences of equal bigrams have equal scores.
      expect(words(found).map(String).sort()).toEqual(words(expected).map(String).sort());
      found.forEach(({ score }, i) => void expect(score).toBeCloseTo(expected[i]!.score, 4));
    }
  });

  test("never scores below greedy search, and often above", () => {
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

  test("earlyStop finds as many hypotheses in fewer steps, none of them better", () => {
    let [early, steps] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const options = { beamWidth: 3, maxLength: 30, lengthPenalty: 1 };
      const run = (earlyStop: boolean) => {
        const decoder = new TableDecoder(randomTable(seed, 12));
        let count = 0;
        const counting: typeof decoder.step = (...args) => {
          count++;
          return TableDecoder.prototype.step.apply(decoder, args);
        };
        decoder.step = counting;
        const [found = []] = beamSearch(decoder, 1, special, { ...options, earlyStop });
        return { found, count };
      };
      const [stopped, complete] = [run(true), run(false)];
      expect(stopped.found).toHaveLength(complete.found.length);
      expect(stopped.count).toBeLessThanOrEqual(complete.count);
      expect(stopped.found[0]?.score).toBeLessThanOrEqual((complete.found[0]?.score ?? 0) + 1e-6);
      early += stopped.count;
      steps += complete.count;
    }
    expect(early).toBeLessThan(0.9 * steps);
  });

  test("the length penalty prefers longer captions", () => {
    // The empty sequence has the highest log-probability in total, but not per token.
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

  test("returns fewer hypotheses if fewer sequences exist", () => {
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
  [{ beamWidth: 0, maxLength: 5 }, "beamWidth is 0; it must be a positive integer"],
  [{ beamWidth: 1.5, maxLength: 5 }, "beamWidth is 1.5; it must be a positive integer"],
  [{ beamWidth: 2, maxLength: 0 }, "maxLength is 0; it must be a positive integer"],
  [
    { beamWidth: 2, maxLength: 5, lengthPenalty: -1 },
    "lengthPenalty is -1; it must be a non-negative number",
  ],
  [{ beamWidth: 2, maxLength: 5, lengthPenalty: Number.NaN }, "lengthPenalty is NaN; it must be"],
  [
    { beamWidth: 2, maxLength: 5, coveragePenalty: -0.1 },
    "coveragePenalty is -0.1; it must be a non-negative number",
  ],
  [
    { beamWidth: 2, maxLength: 5, coveragePenalty: 0.2 },
    "coveragePenalty requires a decoder with attention; omit it",
  ],
])("rejects %j", (options, message) => {
  expect(() => beamSearch(new TableDecoder(tf.zeros([6, 6])), 1, special, options)).toThrow(
    message,
  );
});
