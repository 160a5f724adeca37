import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hitRate, meanReciprocalRank } from "../src/index.ts";

const ranks = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });

describe("ranking metrics", () => {
  it("equal what is computed by hand", () => {
    const found = [1, 3, 2, Number.POSITIVE_INFINITY];
    expect(hitRate(found, 1)).toBe(0.25);
    expect(hitRate(found, 3)).toBe(0.75);
    expect(meanReciprocalRank(found)).toBeCloseTo((1 + 1 / 3 + 1 / 2) / 4, 12);
  });

  it("grow with k, and the reciprocal rank is between the first hits and all", () => {
    fc.assert(
      fc.property(ranks, fc.integer({ min: 1, max: 20 }), (found, k) => {
        expect(hitRate(found, k)).toBeLessThanOrEqual(hitRate(found, k + 1));
        const mean = meanReciprocalRank(found);
        expect(mean).toBeGreaterThanOrEqual(hitRate(found, 1) - 1e-12);
        expect(mean).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("refuse no ranks, and ranks that do not count from 1", () => {
    expect(() => hitRate([], 1)).toThrow("no ranks were given");
    expect(() => meanReciprocalRank([1, 0])).toThrow("a rank is 0");
    expect(() => meanReciprocalRank([Number.NaN])).toThrow("a rank is NaN");
  });
});
