import { tf } from "@attend/runtime";

/** 1 at each index and 0 elsewhere, `[...shape, depth]` float32; `tf.oneHot` refuses a depth of 1. */
export function oneHot(indices: tf.Tensor, depth: number): tf.Tensor {
  const matches = tf.equal(tf.expandDims(indices, -1), tf.range(0, depth, 1, "int32"));
  return tf.cast(matches, "float32");
}
