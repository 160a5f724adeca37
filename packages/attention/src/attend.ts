import { fusedAttention, hasInferenceKernels, tf } from "@attend/runtime";
import { maskBias, maskLogits } from "./mask.ts";
import type { Score } from "./scores/score.ts";

/** A type rather than an interface, so that `tf.tidy` may return it. */
export type AttentionResult = {
  /** The weighted mean of the values, `[batch, queries, valueSize]`. */
  readonly context: tf.Tensor3D;
  /** `[batch, queries, positions]`; each row sums to 1 over the valid positions. */
  readonly weights: tf.Tensor3D;
};

/**
 * Soft attention: the weights are the softmax of the scores, and the context is the mean of the
 * values under these weights (Bahdanau et al. 2015, eq. 5-6).
 *
 * @param query `[batch, queries, querySize]`
 * @param keys `[batch, positions, size]`, from `score.projectMemory`
 * @param values `[batch, positions, valueSize]`
 * @param mask `[batch, positions]` or `[batch, queries, positions]`, 1 at valid positions; a row
 *   without any gets uniform weights
 */
export function attend(
  score: Score,
  query: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  mask?: tf.Tensor,
): AttentionResult {
  const logits = score.logits(query, keys);
  const weights = tf.softmax(mask === undefined ? logits : maskLogits(logits, mask));
  return { context: tf.matMul(weights, values), weights };
}

/**
 * {@link attend} with one query per row; rows may share a memory.
 *
 * @param query `[rows, querySize]`
 * @param keys `[memories, positions, size]`, from `score.projectMemory`
 * @param values `[memories, positions, valueSize]`
 * @param memoryIndices `[rows]` int32: the memory each row attends to. Default: row i attends to
 *   memory i
 * @param mask `[memories, positions]` float32, 1 at valid positions; at least one in each memory
 * @returns `context` `[rows, valueSize]`, `weights` `[rows, positions]`
 */
export function attendShared(
  score: Score,
  query: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  memoryIndices?: tf.Tensor1D,
  mask?: tf.Tensor2D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } {
  const fused = attendFused(score, query, keys, values, memoryIndices, mask);
  if (fused !== undefined) return fused;
  const perRow = <T extends tf.Tensor>(shared: T): T =>
    memoryIndices === undefined ? shared : tf.gather(shared, memoryIndices);
  const { context, weights } = attend(
    score,
    tf.expandDims(query, 1),
    perRow(keys),
    perRow(values),
    mask && perRow(mask),
  );
  return { context: tf.squeeze(context, [1]), weights: tf.squeeze(weights, [1]) };
}

/** {@link attendShared} in one operation; undefined if there is none for it. */
export function attendFused(
  score: Score,
  query: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  memoryIndices?: tf.Tensor1D,
  mask?: tf.Tensor2D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } | undefined {
  const { vector } = score;
  // fusedAttention checks the last as well, but preparing its inputs takes time.
  if ((mask && vector) || !hasInferenceKernels()) return undefined;
  const projected = score.projectQuery(query);
  const rows = projected.shape[0];
  const memories = memoryIndices ?? tf.tensor1d([...Array(rows).keys()], "int32");
  if (mask === undefined) return fusedAttention(projected, keys, values, memories, vector);
  // The kernel has no mask: an additional feature of the keys, multiplied by 1, adds it to the logits.
  return fusedAttention(
    tf.concat([projected, tf.ones<tf.Rank.R2>([rows, 1])], 1),
    tf.concat([keys, tf.expandDims<tf.Tensor3D>(maskBias(mask), 2)], 2),
    values,
    memories,
  );
}
