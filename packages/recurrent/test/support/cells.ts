import type { Module } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";

export const [batch, steps, size] = [3, 4, 2];

/** Seeded standard normal numbers. */
export function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const random = createRandom(seed);
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor<R>(Float32Array.from({ length }, random.normal), shape);
}

/** Perturbs the initial weights, so that none is zero. */
export function shaken<M extends Module>(module: M): M {
  let seed = 1;
  for (const parameter of module.parameters()) {
    tf.tidy(() =>
      parameter.assign(tf.add(parameter, tf.mul(normal(parameter.shape, seed++), 0.5))),
    );
  }
  return module;
}
