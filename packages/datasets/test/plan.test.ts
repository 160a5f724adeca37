import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captionBatches, imageBatches } from "../src/index.ts";

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
    expect(() => imageBatches([], options)).toThrow(/above 0, but/);
  });
});

describe("imageBatches", () => {
  const photos = fc.array(
    fc.record({ captions: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 7 }) }),
    { maxLength: 80 },
  );

  test("has every photo once with all of its captions, within the batch size", () => {
    fc.assert(
      fc.property(photos, batchSize, fc.integer(), (images, size, seed) => {
        const random = createRandom(seed);
        const batches = imageBatches(images, { batchSize: size, random, bucketBy: itself });
        const seen = batches.flatMap((batch) =>
          batch.captions.map((caption, i) => [batch.images[batch.owners[i] ?? -1], caption]),
        );
        const all = images.flatMap(({ captions }, image) =>
          [...captions.keys()].map((caption) => [image, caption]),
        );
        expect(seen.map(String).sort()).toEqual(all.map(String).sort());
        for (const batch of batches) {
          expect(batch.owners).toHaveLength(batch.captions.length);
          expect(batch.captions.length <= size || batch.images.length === 1).toBe(true);
        }
        const used = batches.flatMap((batch) => batch.images);
        expect(new Set(used).size).toBe(used.length);
      }),
    );
  });

  test("takes k captions of a photo at random, fewer where it has fewer", () => {
    fc.assert(
      fc.property(photos, fc.integer({ min: 1, max: 4 }), fc.integer(), (images, k, seed) => {
        const options = { batchSize: 12, random: createRandom(seed), bucketBy: itself };
        for (const batch of imageBatches(images, { ...options, captionsPerImage: k })) {
          for (const [place, image] of batch.images.entries()) {
            const taken = batch.captions.filter((_, i) => batch.owners[i] === place);
            const available = images[image]?.captions.length ?? 0;
            expect(new Set(taken).size).toBe(Math.min(k, available));
            expect(taken.every((caption) => caption < available)).toBe(true);
          }
        }
      }),
    );
  });

  test("every caption of a photo gets its turn", () => {
    const random = createRandom(1);
    const options = { batchSize: 1, random, bucketBy: itself, captionsPerImage: 1 };
    const taken = Array.from({ length: 60 }, () =>
      imageBatches([{ captions: [9, 9, 9, 9, 9] }], options).flatMap((batch) => batch.captions),
    );
    expect(new Set(taken.flat())).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test("fills batches, and puts photos with similar longest captions together", () => {
    const all = peoplesLengths(20_000);
    const images = Array.from({ length: 4000 }, (_, i) => ({
      captions: all.slice(5 * i, 5 * i + 5),
    }));
    const plan = (poolBatches: number) =>
      imageBatches(images, {
        batchSize: 64,
        random: createRandom(1),
        bucketBy: itself,
        poolBatches,
      }).map((batch) =>
        batch.captions.map((caption, i) => {
          const image = batch.images[batch.owners[i] ?? -1] ?? -1;
          return images[image]?.captions[caption] ?? 0;
        }),
      );
    const pooled = plan(50);
    expect(pooled).toHaveLength(Math.ceil(4000 / 12));
    expect(padding(pooled)).toBeLessThan(padding(plan(1)) - 0.1);
  });
});
