import { AttendError, tf } from "@attend/runtime";

/** Far below every score, yet finite, so that a row with no valid position does not produce NaN. */
const excluded = -1e9;

/**
 * Lowers the logits of masked positions so far that their weights are 0.
 *
 * @param logits `[batch, queries, positions]`
 * @param mask `[batch, positions]` or `[batch, queries, positions]`, 1 at valid positions
 * @throws AttendError BAD_SHAPE
 */
export function maskLogits(logits: tf.Tensor3D, mask: tf.Tensor): tf.Tensor3D {
  const [batch, queries, positions] = logits.shape;
  const fits =
    mask.shape[0] === batch &&
    mask.shape.at(-1) === positions &&
    (mask.rank === 2 || (mask.rank === 3 && mask.shape[1] === queries));
  if (!fits) {
    throw new AttendError(
      "BAD_SHAPE",
      `the attention mask is [${mask.shape}], expected [batch ${batch}, positions ${positions}] or [batch ${batch}, queries ${queries}, positions ${positions}]`,
    );
  }
  const allowed = tf.cast(mask.rank === 2 ? tf.expandDims(mask, 1) : mask, "float32");
  return tf.add(tf.mul(logits, allowed), maskBias(allowed));
}

/** A bias to add to logits: 0 where the mask is 1, and far below every score where it is 0. */
export function maskBias<T extends tf.Tensor>(mask: T): T {
  return tf.mul(tf.sub(1, mask), excluded);
}

/** `[batch, positions]`: 1 up to each sequence's length, 0 past it. */
export function lengthMask(lengths: readonly number[], positions: number): tf.Tensor2D {
  const mask = new Float32Array(lengths.length * positions);
  for (const [row, length] of lengths.entries()) {
    mask.fill(1, row * positions, row * positions + Math.min(length, positions));
  }
  return tf.tensor2d(mask, [lengths.length, positions]);
}
