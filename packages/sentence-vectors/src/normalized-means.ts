import { tf } from "@attend/runtime";

/**
 * The mean of each text's token vectors, scaled to length 1.
 *
 * @param hidden `[rows, steps, size]`
 * @param lengths of each row; what follows is left out
 * @returns `[rows, size]`; the caller, or the `tf.tidy` around it, owns it
 */
export function normalizedMeans(hidden: tf.Tensor3D, lengths: readonly number[]): tf.Tensor2D {
  const [rows, steps] = hidden.shape;
  const weights = lengths.flatMap((length) =>
    Array.from({ length: steps }, (_, step) => (step < length ? 1 / length : 0)),
  );
  const means: tf.Tensor2D = tf.squeeze(
    tf.matMul(tf.tensor3d(weights, [rows, 1, steps]), hidden),
    [1],
  );
  return tf.div(means, tf.maximum(tf.norm(means, 2, 1, true), 1e-12));
}
