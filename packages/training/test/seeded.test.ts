import fc from "fast-check";
import { expect, test } from "vitest";
import { randomFor } from "../src/seeded.ts";

const key = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 4 });
const draw = (seed: number, numbers: readonly number[]) =>
  Array.from({ length: 4 }, randomFor(seed, ...numbers).uniform);

test("the same numbers give the same generator, different ones a different one", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(draw(1, a)).toEqual(draw(1, a));
      if (a.join() !== b.join()) expect(draw(1, a)).not.toEqual(draw(1, b));
      expect(draw(1, a)).not.toEqual(draw(2, a));
    }),
  );
});

test("order and count of the numbers matter", () => {
  const all = [[], [0], [0, 0], [1, 2], [2, 1], [1], [1, 0]].map((numbers) =>
    draw(3, numbers).join(),
  );
  expect(new Set(all).size).toBe(all.length);
});

test("the first numbers of successive steps are uniform and not correlated", () => {
  const values = Array.from({ length: 4000 }, (_, step) => randomFor(1, 3, step).uniform());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = values.slice(1).reduce((sum, value, i) => sum + value * values[i]!, 0);
  // Five standard deviations: 0.2887 / sqrt(4000) = 0.0046, and 0.22 / sqrt(4000) = 0.0035.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.023);
  expect(Math.abs(product / (values.length - 1) - 0.25)).toBeLessThan(0.0175);
});
