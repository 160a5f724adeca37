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

/** The score of what greedy search found, as beam search ranks it. */
function scoreOf(greedy: Hypothesis | undefined, lengthPenalty: number): number {
  const { tokens = [], ended = false, logProbability = Number.NaN } = greedy ?? {};
  return logProbability / ((5 + tokens.length + (ended ? 1 : 0)) / 6) ** lengthPenalty;
}

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

  test("so it does of those that keep to constraints, the first place to the last", () => {
    for (const seed of seeds) {
      const table = randomTable(seed);
      const prefix = [[4], [5, 5], []][seed % 3] ?? [];
      const options = { maxLength: 4, minLength: 2, noRepeatNgram: 2, prefix: [prefix] };
      const kept = enumerate(table, 4).filter(({ tokens }) => {
        const bigrams = tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
        const begins = prefix.every((token, i) => tokens[i] === token);
        return begins && tokens.length >= 2 && new Set(bigrams).size === bigrams.length;
      });
      const [found = []] = beamSearch(new TableDecoder(table), 1, special, {
        ...options,
        beamWidth: 32,
      });
      // Not in order: equal bigrams score the same.
      expect(words(found).map(String).sort()).toEqual(words(kept).map(String).sort());
      found.forEach(({ score }, i) => void expect(score).toBeCloseTo(kept[i]!.score, 4));
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

  test("stopped early it has as many endings, for fewer steps, and none better", () => {
    let [early, steps] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const options = { beamWidth: 3, maxLength: 30, lengthPenalty: 1 };
      const run = (earlyStop: boolean) => {
        const decoder = new TableDecoder(randomTable(seed, 12));
        let count = 0;
        const counting: typeof decoder.step = (...given) => {
          count++;
          return TableDecoder.prototype.step.apply(decoder, given);
        };
        decoder.step = counting;
        const [found = []] = beamSearch(decoder, 1, special, { ...options, earlyStop });
        return { found, count };
      };
      const [stopped, whole] = [run(true), run(false)];
      expect(stopped.found).toHaveLength(whole.found.length);
      expect(stopped.count).toBeLessThanOrEqual(whole.count);
      expect(stopped.found[0]?.score).toBeLessThanOrEqual((whole.found[0]?.score ?? 0) + 1e-6);
      early += stopped.count;
      steps += whole.count;
    }
    expect(early).toBeLessThan(0.9 * steps);
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
  [
    { beamWidth: 2, maxLength: 5, coveragePenalty: -0.1 },
    "coveragePenalty is -0.1; it must be a number from 0 on",
  ],
  [
    { beamWidth: 2, maxLength: 5, coveragePenalty: 0.2 },
    "coveragePenalty is given, but the decoder does not tell where it looks; leave it out",
  ],
])("%j is refused", (options, message) => {
  expect(() => beamSearch(new TableDecoder(tf.zeros([6, 6])), 1, special, options)).toThrow(
    message,
  );
});
