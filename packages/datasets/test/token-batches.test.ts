import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchesByLength, type PairLengths, tokenBatches } from "../src/index.ts";

const side = fc.integer({ min: 0, max: 40 });
const anyLengths = fc.array(fc.record({ source: side, target: side }), { maxLength: 300 });

/** Realistic pairs: both sides have similar lengths. */
function realisticPairs(count: number): PairLengths[] {
  const random = createRandom(3);
  return Array.from({ length: count }, () => {
    const source = Math.round(Math.min(Math.max(Math.exp(2.5 + 0.4 * random.normal()), 3), 60));
    return { source, target: Math.max(Math.round(source * (1 + 0.15 * random.normal())), 1) };
  });
}

const longest = (batch: readonly number[], lengths: readonly PairLengths[]) =>
  Math.max(...batch.map((i) => Math.max(lengths[i]?.source ?? 0, lengths[i]?.target ?? 0)));

describe("tokenBatches", () => {
  test("contain every pair once, and no batch is above the budget", () => {
    const budget = fc.integer({ min: 40, max: 400 });
    const rows = fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined });
    const pool = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        anyLengths,
        budget,
        rows,
        pool,
        fc.integer(),
        (lengths, tokensPerBatch, maxRows, poolBatches, seed) => {
          const plan = () =>
            tokenBatches(lengths, {
              tokensPerBatch,
              maxRows,
              poolBatches,
              random: createRandom(seed),
            });
          const batches = plan();
          expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(maxRows ?? Number.POSITIVE_INFINITY);
            expect(batch.length * longest(batch, lengths)).toBeLessThanOrEqual(tokensPerBatch);
          }
          expect(plan()).toEqual(batches);
        },
      ),
    );
  });

  test("depend on the generator's state; epochs differ", () => {
    const lengths = realisticPairs(500);
    const epochs = (seed: number) => {
      const options = { tokensPerBatch: 200, random: createRandom(seed) };
      return [tokenBatches(lengths, options), tokenBatches(lengths, options)];
    };
    expect(epochs(7)).toEqual(epochs(7));
    expect(epochs(7)[0]).not.toEqual(epochs(8)[0]);
    expect(epochs(7)[0]).not.toEqual(epochs(7)[1]);
  });

  test("are full, with little padding on either side, and mix short and long", () => {
    const lengths = realisticPairs(20_000);
    const tokensPerBatch = 2000;
    const batches = tokenBatches(lengths, { tokensPerBatch, random: createRandom(1) });
    const steps = batches.map((batch) => batch.length * longest(batch, lengths));
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(steps) / batches.length / tokensPerBatch).toBeGreaterThan(0.95);
    for (const name of ["source", "target"] as const) {
      const padded = batches.map(
        (batch) => batch.length * Math.max(...batch.map((i) => lengths[i]?.[name] ?? 0)),
      );
      const tokens = sum(lengths.map((pair) => pair[name]));
      expect(1 - tokens / sum(padded), name).toBeLessThan(0.12);
    }
    const rows = batches.map((batch) => batch.length);
    const rising = rows.filter((count, i) => count > (rows[i - 1] ?? 0)).length;
    expect(rising / rows.length).toBeGreaterThan(0.4);
    expect(rising / rows.length).toBeLessThan(0.6);
  });

  test("of no pairs are empty", () => {
    expect(tokenBatches([], { tokensPerBatch: 10, random: createRandom(1) })).toEqual([]);
  });

  const pair = { source: 3, target: 11 };
  test.each<[string, PairLengths[], object, RegExp]>([
    [
      "a pair that is too long",
      [{ source: 1, target: 1 }, pair],
      {},
      /^pair 1 has 11 tokens on a side, but a batch has at most 10; leave out/,
    ],
    ["a length of NaN", [{ source: Number.NaN, target: 1 }], {}, /the length of pair 0 is NaN/],
    ["half a token", [{ source: 1, target: 1.5 }], {}, /the length of pair 0 is 1\.5/],
    ["no budget", [], { tokensPerBatch: 0 }, /tokensPerBatch is 0; give a whole number above 0/],
    ["no rows", [], { maxRows: 0 }, /maxRows is 0; give a whole number above 0/],
    ["no pool", [], { poolBatches: 0.5 }, /poolBatches is 0\.5; give a whole number above 0/],
  ])("%s is an error", (_, lengths, options, message) => {
    const all = { tokensPerBatch: 10, random: createRandom(1), ...options };
    expect(() => tokenBatches(lengths, all)).toThrow(message);
  });
});

describe("batchesByLength", () => {
  test("puts the longest first, each once, and restores the order of results", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 100 });
    const tokens = fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 20 }),
        tokens,
        (list, batchSize, tokensPerBatch) => {
          const { batches, restore } = batchesByLength(list, { batchSize, tokensPerBatch });
          const order = batches.flat();
          expect(order.map((i) => list[i])).toEqual(list.toSorted((a, b) => b - a));
          expect(order.toSorted((a, b) => a - b)).toEqual([...list.keys()]);
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(batchSize);
            const padded = batch.length * (list[batch[0] ?? 0] ?? 0);
            if (batch.length > 1) expect(padded).toBeLessThanOrEqual(tokensPerBatch ?? padded);
          }
          const results = batches.map((batch) => batch.map((i) => `result ${i}`));
          expect(restore(results)).toEqual(list.map((_, i) => `result ${i}`));
          expect(restore(batches.map((batch) => batch.map(() => undefined)))).toHaveLength(
            list.length,
          );
        },
      ),
    );
  });

  test("too few or too many results are an error", () => {
    const { restore } = batchesByLength([3, 1, 2], { batchSize: 2 });
    expect(() => restore([["a", "b"]])).toThrow(/results of 1 batches, but there are 2/);
    expect(() => restore([["a", "b"], []])).toThrow(/0 results of batch 1, but it has 1 rows/);
    expect(() =>
      restore([
        ["a", "b"],
        ["c", "d"],
      ]),
    ).toThrow(/2 results of batch 1, but it has 1 rows/);
  });

  test.each([0, 1.5, Number.NaN])("a batch size or budget of %s is an error", (value) => {
    expect(() => batchesByLength([1], { batchSize: value })).toThrow(/batchSize is .*above 0/);
    const options = { batchSize: 1, tokensPerBatch: value };
    expect(() => batchesByLength([1], options)).toThrow(/tokensPerBatch is .*above 0/);
  });
});
