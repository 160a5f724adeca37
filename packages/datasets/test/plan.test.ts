import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captionBatches } from "../src/index.ts";

const itself = (length: number) => length;
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 300 });
const batchSize = fc.integer({ min: 1, max: 20 });
const poolBatches = fc.integer({ min: 1, max: 60 });

/** Captions of lengths as people write them: 4 to 40 words, 11 on average. */
function peoplesLengths(count: number): number[] {
  const random = createRandom(3);
  return Array.from({ length: count }, () =>
    Math.round(Math.min(Math.max(Math.exp(2.33 + 0.35 * random.normal()), 4), 40)),
  );
}

/** The share of the steps that is padding. */
function padding(batches: number[][]): number {
  const steps = batches.map((batch) => Math.max(...batch) * batch.length);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return 1 - sum(batches.flat()) / sum(steps);
}

describe("captionBatches", () => {
  test("has every caption exactly once, in full batches but one", () => {
    fc.assert(
      fc.property(lengths, batchSize, poolBatches, fc.integer(), (captions, size, pool, seed) => {
        const random = createRandom(seed);
        const options = { batchSize: size, random, bucketBy: itself, poolBatches: pool };
        const batches = captionBatches(captions, options);
        expect(batches.flat().sort((a, b) => a - b)).toEqual([...captions.keys()]);
        expect(batches.filter((batch) => batch.length === size)).toHaveLength(
          Math.floor(captions.length / size),
        );
        expect(batches).toHaveLength(Math.ceil(captions.length / size));
      }),
    );
  });

  test("the generator's state decides; epochs differ", () => {
    const captions = peoplesLengths(500);
    const epochs = (seed: number) => {
      const options = { batchSize: 16, random: createRandom(seed), bucketBy: itself };
      return [captionBatches(captions, options), captionBatches(captions, options)];
    };
    expect(epochs(7)).toEqual(epochs(7));
    expect(epochs(7)[0]).not.toEqual(epochs(8)[0]);
    expect(epochs(7)[0]).not.toEqual(epochs(7)[1]);
  });

  test("pads little, and mixes short and long batches", () => {
    const captions = peoplesLengths(20_000);
    const plan = (poolBatches: number) =>
      captionBatches(captions, {
        batchSize: 64,
        random: createRandom(1),
        bucketBy: itself,
        poolBatches,
      }).map((batch) => batch.map((index) => captions[index] ?? 0));
    expect(padding(plan(1))).toBeGreaterThan(0.4);
    const pooled = plan(50);
    expect(padding(pooled)).toBeLessThan(0.04);
    const means = pooled.map((batch) => batch.reduce((a, b) => a + b, 0) / batch.length);
    const rising = means.filter((mean, i) => mean > (means[i - 1] ?? 0)).length;
    expect(rising / means.length).toBeGreaterThan(0.4);
    expect(rising / means.length).toBeLessThan(0.6);
  });

  test.each([0, -1, 1.5, Number.NaN])("a batch size of %s is an error", (size) => {
    const options = { batchSize: size, random: createRandom(1), bucketBy: itself };
    expect(() => captionBatches([1], options)).toThrow(/above 0, but/);
  });
});
