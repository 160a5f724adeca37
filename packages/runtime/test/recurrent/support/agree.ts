import { expect } from "vitest";
import { createRandom, tf } from "../../../src/index.ts";

const random = createRandom(7);

/** Normally distributed, the same in every run. */
export function filled<R extends tf.Rank>(shape: tf.ShapeMap[R], scale = 0.5): tf.Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor<R>(
    Float32Array.from({ length: size }, () => random.normal() * scale),
    shape,
  );
}

/** The largest difference. */
export function distance(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  if (a.size === 0) return 0;
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
}

type Values = readonly tf.Tensor[];

/**
 * Expects two functions to agree: their values to 1e-5, and the gradients of a weighted sum of all
 * values to 1e-4 of the largest gradient.
 */
export function expectToAgree(
  actual: (...inputs: tf.Tensor[]) => Values,
  expected: (...inputs: tf.Tensor[]) => Values,
  inputs: tf.Tensor[],
): void {
  const [a, b] = [actual(...inputs), expected(...inputs)];
  expect(a).toHaveLength(b.length);
  a.forEach((value, i) => {
    expect(distance(value, b[i] as tf.Tensor)).toBeLessThan(1e-5);
  });
  const weightings = a.map((value) => filled(value.shape, 1));
  const gradients = (f: (...inputs: tf.Tensor[]) => Values) =>
    tf.grads((...x: tf.Tensor[]) => {
      const terms = f(...x).map((value, i) => tf.sum(tf.mul(value, weightings[i] as tf.Tensor)));
      return tf.addN(terms);
    })(inputs);
  const wanted = gradients(expected);
  gradients(actual).forEach((gradient, i) => {
    const reference = wanted[i] as tf.Tensor;
    const largest = tf.tidy(() => tf.max(tf.abs(reference)).dataSync()[0] as number);
    expect(distance(gradient, reference)).toBeLessThan(1e-4 * Math.max(largest, 1e-3));
  });
}
