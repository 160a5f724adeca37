import { beforeAll, expect, it } from "vitest";
import { loadEngine, tf } from "../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

it.each([1, 2])("split and unstack into %d have gradients", (count) => {
  const x = tf.tensor2d([1, 2, 3, 4].slice(0, 2 * count), [count, 2]);
  const weights = [10, 100].slice(0, count);
  const expected = weights.flatMap((weight) => [weight, weight]);
  const weighted = (parts: tf.Tensor[]) =>
    tf.sum(tf.addN(parts.map((part, i) => tf.mul(tf.reshape(part, [2]), weights[i] ?? 0))));
  const splitGradient = tf.grad((y) => weighted(tf.split(y, count, 0)))(x);
  const unstackGradient = tf.grad((y) => weighted(tf.unstack(y, 0)))(x);
  expect([...splitGradient.dataSync()]).toEqual(expected);
  expect([...unstackGradient.dataSync()]).toEqual(expected);
});
