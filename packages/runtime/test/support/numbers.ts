import { expect } from "vitest";
import { createRandom, tf } from "../../src/index.ts";

/** Standard normal numbers, determined by the seed. */
export function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const random = createRandom(seed);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor<R>(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

/** Fails unless each element differs by less than `tolerance`, relative if it is above 1. */
export function expectAllClose(
  actual: readonly tf.Tensor[],
  expected: readonly tf.Tensor[],
  tolerance: number,
): void {
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach((tensor, i) => {
    const wanted = expected[i]?.dataSync() ?? [];
    const most = Array.from(tensor.dataSync()).reduce((largest, value, k) => {
      const right = wanted[k] ?? Number.NaN;
      return Math.max(largest, Math.abs(value - right) / Math.max(1, Math.abs(right)));
    }, 0);
    expect(most, `tensor ${i}`).toBeLessThan(tolerance);
  });
}
