import { AttendError, tf } from "@attend/runtime";

/** Far below every score, yet finite, so that a row without any allowed position gives no NaN. */
const excluded = -1e9;

/** Lowers the logits `[batch, queries, positions]` of what `mask` excludes so far that they get no weight. */
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
  return tf.add(tf.mul(logits, allowed), lowered(allowed));
}

/** What added to a logit excludes it: 0 where a mask is 1, far below every score where it is 0. */
export function lowered<T extends tf.Tensor>(mask: T): T {
  return tf.mul(tf.sub(1, mask), excluded);
}

/** `[batch, positions]`: 1 before each sequence's length, 0 from there on. */
export function lengthMask(lengths: readonly number[], positions: number): tf.Tensor2D {
  const mask = new Float32Array(lengths.length * positions);
  for (const [row, length] of lengths.entries()) {
    mask.fill(1, row * positions, row * positions + Math.min(length, positions));
  }
  return tf.tensor2d(mask, [lengths.length, positions]);
}
