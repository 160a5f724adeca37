import { beforeAll, describe, expect, test } from "vitest";
import {
  denseProduct,
  disposePackedCopy,
  hasInferenceKernels,
  loadEngine,
  lstmStep,
  tf,
} from "../../src/index.ts";
import { normal } from "./support/operations.ts";

beforeAll(async () => {
  await loadEngine();
});

const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** Runs `product` four times, with one more tensor from the third on: the copy. Returns all results. */
function fourTimes(product: () => number[], weights: tf.Variable): number[][] {
  const before = tf.memory().numTensors;
  const tensors: number[] = [];
  const results = Array.from({ length: 4 }, () => {
    const result = tf.tidy(product);
    tensors.push(tf.memory().numTensors - before);
    return result;
  });
  const copies = hasInferenceKernels() ? 1 : 0;
  expect(tensors).toEqual([0, 0, copies, copies]);
  disposePackedCopy(weights);
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

describe("packed from the third product on, weights give the same result to the last bit:", () => {
  // The last columns fill one to four vectors; 7 and 8 rows are computed in two parts.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("products of %d rows", (rows) => {
    const columns = 160 + 16 * rows;
    const x = normal<tf.Rank.R2>([rows, 517]);
    const bias = normal<tf.Rank.R1>([columns]);
    const weights = tf.variable(normal<tf.Rank.R2>([517, columns]));
    for (const options of [{}, { bias }, { bias, activation: "gelu" }] as const) {
      const [first, ...others] = fourTimes(
        () => values(denseProduct(x, weights, options)),
        weights,
      );
      for (const other of others) expect(other).toEqual(first);
    }
    tf.dispose([x, bias, weights]);
  });

  test.each([1, 5, 8, 9, 160])("LSTM steps of %d rows", (rows) => {
    const kernel = tf.variable(normal<tf.Rank.R2>([500 + 76, 4 * 76], 0.1));
    const bias = normal<tf.Rank.R1>([4 * 76]);
    const x = normal<tf.Rank.R2>([rows, 500]);
    const state = { h: normal<tf.Rank.R2>([rows, 76]), c: normal<tf.Rank.R2>([rows, 76]) };
    const [first, ...others] = fourTimes(
      () => Object.values(lstmStep(x, state, { kernel, bias })).flatMap(values),
      kernel,
    );
    for (const other of others) expect(other).toEqual(first);
    tf.dispose([kernel, bias, x, state]);
  });
});

test("a copy is not used for another value of the variable, nor for more rows", () => {
  const weights = tf.variable(normal<tf.Rank.R2>([512, 256]));
  const product = (rows: number) =>
    tf.tidy(() => values(denseProduct(tf.ones([rows, 512]), weights)));
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) product(1);
  expect(product(9)).toHaveLength(9 * 256);
  tf.tidy(() => weights.assign(tf.ones([512, 256])));
  expect(product(1)).toEqual(Array(256).fill(512));
  expect(tf.memory().numTensors).toBe(before);
  weights.dispose();
});

test("small weights, others than variables, and those of a recorded gradient are not copied", () => {
  const small = tf.variable(normal<tf.Rank.R2>([16, 32]));
  const large = tf.variable(normal<tf.Rank.R2>([512, 256]));
  const tensor = normal<tf.Rank.R2>([512, 256]);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 4; i++) {
    tf.tidy(() => {
      denseProduct(tf.ones([1, 16]), small);
      denseProduct(tf.ones([1, 512]), tensor);
      tf.grad((x) => denseProduct(x, large))(tf.ones([1, 512]));
    });
  }
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([small, large, tensor]);
});
