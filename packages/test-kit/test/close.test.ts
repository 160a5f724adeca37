import { tf } from "@attend/runtime";
import { expect, test } from "vitest";
import { expectClose, useEngine } from "../src/index.ts";

useEngine();

test("tensors, typed arrays, nested arrays and numbers compare with each other", () => {
  expectClose(
    tf.tensor([
      [1, 2],
      [3, 4],
    ]),
    [
      [1, 2],
      [3, 4],
    ],
  );
  expectClose(Float32Array.of(1, 2), [1, 2]);
  expectClose([1, 2], Float64Array.of(1, 2));
  expectClose(tf.scalar(3), 3);
  expectClose(tf.zeros([0, 2]), tf.zeros([0, 2]));
  expectClose([[], []], tf.zeros([2, 0]));
});

test("the tolerance is absolute below 1 and relative above", () => {
  expectClose([0.0009], [0], 1e-3);
  expectClose([1000.9], [1000], 1e-3);
  expect(() => expectClose([0.0011], [0], 1e-3)).toThrow(/1 of 1/);
  expect(() => expectClose([1001.1], [1000], 1e-3)).toThrow(/1 of 1/);
});

test("the message shows the worst element and where it is", () => {
  const actual = tf.tensor([0, 1, 2, 3.5, 4, 7], [3, 2]);
  const expected = tf.tensor([0, 1, 2, 3, 4, 5], [3, 2]);
  expect(() => expectClose(actual, expected)).toThrow(
    "not close: 2 of 6 elements differ by more than 0.00001; worst at [2, 1]: 7, expected 5 (off by 0.400)",
  );
});

test("the same numbers in another shape are not close", () => {
  expect(() => expectClose(tf.ones([2, 3]), tf.ones([3, 2]))).toThrow(
    "shape [2,3], expected [3,2]",
  );
  expect(() => expectClose([1, 1], [[1, 1]])).toThrow("shape [2], expected [1,2]");
  expect(() => expectClose([[1, 2], [3]], [[1, 2], [3]])).toThrow(/ragged/);
  expect(() => expectClose([[1, 2], 3], [[1, 2], 3])).toThrow(/ragged/);
});

test("NaN equals only NaN, an infinity only itself", () => {
  expectClose([Number.NaN, Number.POSITIVE_INFINITY], [Number.NaN, Number.POSITIVE_INFINITY]);
  const unequal = [
    [Number.NaN, 0],
    [0, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, 1],
  ] as const;
  for (const [actual, expected] of unequal) {
    expect(() => expectClose([actual], [expected], 1e9)).toThrow(/1 of 1/);
  }
});
