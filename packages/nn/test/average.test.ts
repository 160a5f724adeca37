import { expect, test } from "vitest";
import { averageWeights } from "../src/index.ts";

const weights = (...values: number[]) =>
  new Map([["a.kernel", { shape: [values.length], data: Float32Array.from(values) }]]);

test("averages by shares", () => {
  const mean = (shares?: number[]) => [
    ...(averageWeights([weights(1, 2), weights(3, 6)], shares).get("a.kernel")?.data ?? []),
  ];
  expect(mean()).toEqual([2, 4]);
  expect(mean([3, 1])).toEqual([1.5, 3]);
});

test("the mean of one model is a copy of it", () => {
  const one = weights(0.1, -7);
  const mean = averageWeights([one]);
  expect(mean).toEqual(one);
  expect(mean.get("a.kernel")?.data).not.toBe(one.get("a.kernel")?.data);
});

test("rejects different shapes, different tensors and invalid shares", () => {
  const other = new Map([
    ...weights(1, 2),
    ...new Map([["b", { shape: [], data: new Float32Array(1) }]]),
  ]);
  const message = (run: () => unknown, part: string) => expect(run).toThrow(part);
  message(() => averageWeights([weights(1, 2), weights(1)]), "a.kernel [2] is [1]");
  message(() => averageWeights([weights(1, 2), other]), "2 tensors, not 1");
  message(() => averageWeights([weights(1), new Map()]), "a.kernel [1] is missing");
  message(() => averageWeights([]), "0 models");
  message(() => averageWeights([weights(1)], [0]), "a share above 0");
  message(() => averageWeights([weights(1)], [1, 2]), "1 models with the shares 1, 2");
});
