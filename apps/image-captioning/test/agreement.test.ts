import { expectClose } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { agreementWeights } from "../src/tasks/agreement.ts";

/** Words as ids; no two photos share one. */
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

describe("the weight of captions", () => {
  test("is 1 on average within each photo, and higher for captions that agree", () => {
    const weights = agreementWeights(examples, 1);
    expect(weights.map((photo) => photo.length)).toEqual([3, 1, 2]);
    for (const photo of weights) expectClose(photo.reduce((a, b) => a + b, 0) / photo.length, 1);
    const [first = NaN, second = NaN, outlier = NaN] = weights[0] ?? [];
    expectClose(first, second);
    expect(first).toBeGreaterThan(1.5 * outlier);
    expectClose(weights[2] ?? [], [1, 1]);
  });

  test("varies less at higher temperatures", () => {
    const spread = (temperature: number) => {
      const weights = agreementWeights(examples, temperature)[0] ?? [];
      return Math.max(...weights) - Math.min(...weights);
    };
    expect(spread(0.1)).toBeGreaterThan(spread(1));
    expect(spread(1)).toBeGreaterThan(spread(100));
    expect(spread(0.001)).toBeLessThanOrEqual(3);
  });
});
