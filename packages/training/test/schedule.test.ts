import { expectClose, loadGolden } from "@attend/test-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scheduleFactor } from "../src/schedule.ts";

const golden = loadGolden<Record<string, number[]>>(
  new URL("./golden/schedules.golden.json", import.meta.url),
);
const totalSteps = 20;

test.each(["cosine", "linear"] as const)("%s equals torch's, with and without warmup", (name) => {
  for (const warmupSteps of [0, 5]) {
    const config = { name, warmupSteps, minLearningRateRatio: 0.1 };
    const factors = Array.from({ length: totalSteps }, (_, step) =>
      scheduleFactor(config, step, totalSteps),
    );
    expectClose(factors, golden[warmupSteps === 0 ? name : `${name} with warm-up`]!, 1e-12);
  }
});

test("inverse-sqrt rises to 1 at the last warmup step and falls by the square root", () => {
  const factor = (step: number) =>
    scheduleFactor({ name: "inverse-sqrt", warmupSteps: 10 }, step, totalSteps);
  expect([0, 4, 9, 39].map(factor)).toEqual([0.1, 0.5, 1, 0.5]);
});

test("every schedule stays in (0, 1], rises only during warmup, and ends at the minimum", () => {
  const minimum = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom("constant", "cosine", "linear", "inverse-sqrt"),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 300 }),
      minimum,
      (name, warmupSteps, total, minLearningRateRatio) => {
        const factor = (step: number) =>
          scheduleFactor({ name, warmupSteps, minLearningRateRatio }, step, total);
        for (let step = 0; step < total + 10; step++) {
          expect(factor(step)).toBeGreaterThan(0);
          expect(factor(step)).toBeLessThanOrEqual(1);
          if (step + 1 < warmupSteps) expect(factor(step + 1)).toBeGreaterThan(factor(step));
          if (step > warmupSteps) expect(factor(step)).toBeLessThanOrEqual(factor(step - 1));
        }
        if (warmupSteps < total && (name === "cosine" || name === "linear")) {
          expect(factor(total)).toBeCloseTo(minLearningRateRatio, 12);
        }
      },
    ),
    { numRuns: 50 },
  );
});
