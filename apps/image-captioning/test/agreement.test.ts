import { expectClose } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { agreementWeights } from "../src/tasks/agreement.ts";

/** Words as ids; 10 and up are in no other photo. */
const examples = [
  {
    file: "a",
    captions: [
      [10, 11, 12, 13],
      [10, 11, 12, 14],
      [20, 21, 22, 23],
    ],
  },
  { file: "b", captions: [[30, 31]] },
  {
    file: "c",
    captions: [
      [40, 41],
      [40, 41],
    ],
  },
];

describe("how much captions count", () => {
  test("is 1 on average within each photo, and more for those that agree", () => {
    const weights = agreementWeights(examples, 1);
    expect(weights.map((own) => own.length)).toEqual([3, 1, 2]);
    for (const own of weights) expectClose(own.reduce((a, b) => a + b, 0) / own.length, 1);
    const [first = NaN, second = NaN, stranger = NaN] = weights[0] ?? [];
    expectClose(first, second);
    expect(first).toBeGreaterThan(1.5 * stranger);
    expectClose(weights[2] ?? [], [1, 1]);
  });

  test("differs less the higher the temperature", () => {
    const spread = (temperature: number) => {
      const own = agreementWeights(examples, temperature)[0] ?? [];
      return Math.max(...own) - Math.min(...own);
    };
    expect(spread(0.1)).toBeGreaterThan(spread(1));
    expect(spread(1)).toBeGreaterThan(spread(100));
    expect(spread(0.001)).toBeLessThanOrEqual(3);
  });
});
