import { lengthMask } from "@attend/attention";
import { tf } from "@attend/runtime";
import type { Words } from "../fusion.ts";

/** The mean of each question's words, `[rows, size]`. */
export function meanOf({ vectors, lengths }: Words): tf.Tensor2D {
  const mask = lengthMask(lengths, vectors.shape[1]);
  const weights = tf.div<tf.Tensor2D>(mask, tf.sum(mask, 1, true));
  return tf.squeeze(tf.matMul(tf.expandDims<tf.Tensor3D>(weights, 1), vectors), [1]);
}
