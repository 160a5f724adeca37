import { tf } from "@attend/runtime";

/**
 * The mean of each text's token vectors.
 *
 * @param hidden `[rows, steps, size]`
 * @param lengths of each row; what follows is left out
 * @returns `[rows, size]`; the caller, or the `tf.tidy` around it, owns it
 */
export function tokenMeans(hidden: tf.Tensor3D, lengths: readonly number[]): tf.Tensor2D {
  const [rows, steps] = hidden.shape;
  const weights = lengths.flatMap((length) =>
    Array.from({ length: steps }, (_, step) => (step < length ? 1 / length : 0)),
  );
  return tf.squeeze(tf.matMul(tf.tensor3d(weights, [rows, 1, steps]), hidden), [1]);
}
