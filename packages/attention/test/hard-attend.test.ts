import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { attend, createScore, hardAttend } from "../src/index.ts";

useEngine();

const score = () => createScore("plain-dot", { querySize: 2, memorySize: 2, size: 2 }, undefined);
const memory = () => tf.tensor3d([1, 0, 0, 1, 0.5, 0.5, 9, 9], [1, 4, 2]);
const mask = () => tf.tensor2d([[1, 1, 1, 0]]);
const queries = (count: number) => tf.tile(tf.tensor3d([1, 0.5], [1, 1, 2]), [1, count, 1]);

test("chooses the most likely valid position without random", () => {
  const { context, weights, logProbability } = hardAttend(score(), queries(2), memory(), memory(), {
    mask: mask(),
  });
  expect(weights.arraySync()[0]).toEqual([
    [1, 0, 0, 0],
    [1, 0, 0, 0],
  ]);
  expectClose(context, [
    [
      [1, 0],
      [1, 0],
    ],
  ]);
  const soft = attend(score(), queries(2), memory(), memory(), mask()).weights;
  expectClose(logProbability, tf.log(tf.squeeze(tf.slice(soft, [0, 0, 0], [1, 2, 1]), [2])));
});

test("samples with the probabilities of the soft weights, seeded by random", () => {
  const sample = (seed: number) =>
    hardAttend(score(), queries(4000), memory(), memory(), {
      mask: mask(),
      random: createRandom(seed),
    }).weights;
  const soft = attend(score(), queries(1), memory(), memory(), mask()).weights;
  expectClose(tf.mean(sample(1), 1, true), soft, 0.03);
  expectClose(sample(1), sample(1), 0);
  expect(() => expectClose(sample(1), sample(2))).toThrow("not close");
  expectClose(tf.max(tf.slice(sample(1), [0, 0, 3])), 0, 0);
});

test("the log-probability and the context have gradients, the choice has none", () => {
  const run = (query: tf.Tensor, values: tf.Tensor) => {
    const chosen = hardAttend(score(), query as tf.Tensor3D, memory(), values as tf.Tensor3D, {
      mask: mask(),
    });
    return tf.concat([tf.expandDims(chosen.logProbability, 2), chosen.context], 2);
  };
  checkGradient(run, [
    [1, 2, 2],
    [1, 4, 2],
  ]);
});

test("attends to the only position of a memory", () => {
  const only = tf.tensor3d([3, 4], [1, 1, 2]);
  const { context, weights } = hardAttend(score(), queries(1), only, only);
  expectClose(weights, [[[1]]]);
  expectClose(context, only);
});

test("leaks no tensors", async () => {
  const [s, query, values, random] = [score(), queries(2), memory(), createRandom(1)];
  await expectNoLeak(() => {
    tf.dispose({ ...tf.tidy(() => hardAttend(s, query, values, values, { random })) });
  });
});
