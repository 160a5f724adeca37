import { fusedAttention, hasFusedKernels, isNative, isRecording, tf } from "@attend/runtime";
import { lowered, maskLogits } from "./mask.ts";
import type { Score } from "./scores/score.ts";

/** A type, not an interface, so that `tf.tidy` may return it. */
export type Attended = {
  /** The weighted mean of the values, `[batch, queries, valueSize]`. */
  readonly context: tf.Tensor3D;
  /** `[batch, queries, positions]`; each row sums to 1 over what the mask allows. */
  readonly weights: tf.Tensor3D;
};

/**
 * Soft attention: weights are the softmax of the scores, the context is the mean of the values under
 * them (Bahdanau et al. 2015, eq. 5-6). Hard attention is a function beside this one; ways of choosing
 * that know what was chosen before are in `recurrent/`.
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
 * @param owners `[rows]` int32: which of the memories `keys` and `values` each row looks at; absent where
 *   row i looks at memory i
 * @param mask `[memories, positions]` float32, 1 where a position takes part; it allows one or more of
 *   each memory
 * @returns `context` `[rows, valueSize]`, `weights` `[rows, positions]`
 */
export function attendShared(
  score: Score,
  query: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  owners?: tf.Tensor1D,
  mask?: tf.Tensor2D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } {
  // Asked here, too: what the kernel would be given costs something.
  if (score.isDotProduct && hasFusedKernels() && isNative() && !isRecording()) {
    const attended = attendFused(score.projectQuery(query), keys, values, owners, mask);
    if (attended !== undefined) return attended;
  }
  const own = <T extends tf.Tensor>(shared: T): T =>
    owners === undefined ? shared : tf.gather(shared, owners);
  const { context, weights } = attend(
    score,
    tf.expandDims(query, 1),
    own(keys),
    own(values),
    mask && own(mask),
  );
  return { context: tf.squeeze(context, [1]), weights: tf.squeeze(weights, [1]) };
}

function attendFused(
  projected: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  owners: tf.Tensor1D | undefined,
  mask: tf.Tensor2D | undefined,
): { context: tf.Tensor2D; weights: tf.Tensor2D } | undefined {
  const rows = projected.shape[0];
  const memories = owners ?? tf.range(0, rows, 1, "int32");
  if (mask === undefined) return fusedAttention(projected, keys, values, memories);
  // The kernel knows no mask: one more feature of the keys, times 1, adds what excludes a position.
  return fusedAttention(
    tf.concat([projected, tf.ones<tf.Rank.R2>([rows, 1])], 1),
    tf.concat([keys, tf.expandDims<tf.Tensor3D>(lowered(mask), 2)], 2),
    values,
    memories,
  );
}
