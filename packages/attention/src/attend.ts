import { AttendError, fusedAttention, tf } from "@attend/runtime";
import { DotScore, type Score } from "./score.ts";

/** A type, not an interface, so that `tf.tidy` may return it. */
export type Attended = {
  /** The weighted mean of the values, `[batch, queries, valueSize]`. */
  readonly context: tf.Tensor3D;
  /** `[batch, queries, positions]`; each row sums to 1 over what the mask allows. */
  readonly weights: tf.Tensor3D;
};

/**
 * Soft attention: weights are the softmax of the scores, the context is the mean of the values under
 * them (Bahdanau et al. 2015, eq. 5-6). Other ways of choosing (hard, local, monotonic) are functions
 * beside this one with the same result.
 *
 * @param query `[batch, queries, querySize]`
 * @param keys `[batch, positions, size]`, made by `score.projectMemory`
 * @param values `[batch, positions, valueSize]`
 * @param mask `[batch, positions]` or `[batch, queries, positions]`, 1 where a position takes part;
 *   a row that allows nothing gets even weights.
 */
export function attend(
  score: Score,
  query: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  mask?: tf.Tensor,
): Attended {
  const logits = score.logits(query, keys);
  const weights = tf.softmax(mask === undefined ? logits : maskLogits(logits, mask));
  return { context: tf.matMul(weights, values), weights };
}

/**
 * {@link attend} for one query a row, where rows may share a memory.
 *
 * @param query `[rows, querySize]`
 * @param owners `[rows]` int32: which of the memories `keys` and `values` each row looks at
 * @returns `context` `[rows, valueSize]`, `weights` `[rows, positions]`
 */
export function attendShared(
  score: Score,
  query: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  owners: tf.Tensor1D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } {
  if (score instanceof DotScore) {
    const attended = fusedAttention(score.query.forward(query), keys, values, owners);
    if (attended !== undefined) return attended;
  }
  const own = [tf.gather(keys, owners), tf.gather(values, owners)] as const;
  const { context, weights } = attend(score, tf.expandDims(query, 1), ...own);
  return { context: tf.squeeze(context, [1]), weights: tf.squeeze(weights, [1]) };
}

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
  return tf.add(tf.mul(logits, allowed), tf.mul(tf.sub(1, allowed), excluded));
}

/** `[batch, positions]`: 1 before each sequence's length (int32, `[batch]`), 0 from there on. */
export function lengthMask(lengths: tf.Tensor1D, positions: number): tf.Tensor2D {
  const index = tf.expandDims(tf.range(0, positions, 1, "int32"), 0);
  return tf.cast(tf.less(index, tf.expandDims(lengths, 1)), "float32");
}

/**
 * The doubly stochastic penalty, `mean over batch and positions of (1 - sum_t alpha_t)^2`: every part of
 * the picture should be looked at about once (Xu et al. 2015, eq. 14).
 *
 * @param weights `[batch, steps, positions]`
 * @param stepMask `[batch, steps]`, 1 where a step counts
 */
export function doublyStochasticPenalty(weights: tf.Tensor3D, stepMask: tf.Tensor2D): tf.Scalar {
  const attended = tf.sum(tf.mul(weights, tf.expandDims(stepMask, 2)), 1); // [batch, positions]
  return tf.mean(tf.square(tf.sub(1, attended)));
}
