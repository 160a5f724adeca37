import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shuffledBatches } from "../src/index.ts";

describe("shuffled batches", () => {
  test("contain every index once, in full batches except for the last", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 12 }), fc.nat(), (count, size, seed) => {
        const batches = shuffledBatches(count, size, createRandom(seed));
        const all = batches.flat().toSorted((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(batches.slice(0, -1).every((batch) => batch.length === size)).toBe(true);
        expect(batches.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
      }),
    );
  });

  test("differ from epoch to epoch", () => {
    const random = createRandom(1);
    expect(shuffledBatches(20, 4, random)).not.toEqual(shuffledBatches(20, 4, random));
  });
});
