import {
  type Attribute,
  fusedDropout,
  isNative,
  nativeKernel,
  type Random,
  tf,
} from "@attend/runtime";

/**
 * Sets each element to 0 with probability `rate` and scales the others by 1 / (1 - rate), which keeps
 * the expectation (Srivastava et al. 2014). Without `random` (inference) it returns the input itself.
 * The mask depends only on `random` and the engine: the same state gives the same mask.
 *
 * @param options.shape shape of a mask to broadcast, such as `[batch, 1, size]` to drop the same features
 *   at every step (Gal & Ghahramani 2016)
 */
export function dropout<T extends tf.Tensor>(
  input: T,
  rate: number,
  random: Random | undefined,
  options?: { shape?: number[] },
): T {
  if (random === undefined || rate === 0) return input;
  if (options?.shape === undefined) {
    const fused = fusedDropout(input, rate, random);
    if (fused !== undefined) return fused;
  }
  const kept = tf.greaterEqual(uniformTensor(options?.shape ?? input.shape, random), rate);
  return tf.mul(input, tf.mul(tf.cast(kept, "float32"), 1 / (1 - rate)));
}

const statelessAttributes: readonly Attribute[] = [
  { name: "dtype", type: "dtype", value: "float32" },
  { name: "T", type: "dtype", value: "int32" },
  { name: "Tseed", type: "dtype", value: "int32" },
];

/** Uniform numbers in [0, 1), seeded by the next numbers of `random`. */
export function uniformTensor(shape: number[], random: Random): tf.Tensor {
  if (isNative()) {
    const seed = tf.tensor1d([random.integer(2 ** 31), random.integer(2 ** 31)], "int32");
    const size = tf.tensor1d(shape, "int32");
    const value = nativeKernel("StatelessRandomUniform", statelessAttributes, [size, seed]);
    tf.dispose([seed, size]);
    return value;
  }
  const fork = random.fork();
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) values[i] = fork.uniform();
  return tf.tensor(values, shape);
}
