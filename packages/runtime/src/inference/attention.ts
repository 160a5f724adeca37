import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * Attention with one query per row, `softmax(q k^T) v`, in one operation. Rows may share a memory, which is not copied.
 *
 * @param queries `[rows, size]`
 * @param keys `[memories, positions, size]`
 * @param values `[memories, positions, valueSize]`
 * @param memoryIndices `[rows]` int32: the memory of each row
 * @param vector `[size, 1]`: the scores are additive, `vector^T tanh(q + k)`, instead of dot products
 * @returns `context` `[rows, valueSize]` and `weights` `[rows, positions]`; undefined if the engine
 * has no kernel for it or gradients are being recorded
 */
export function fusedAttention(
  queries: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  memoryIndices: tf.Tensor1D,
  vector?: tf.Tensor2D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } | undefined {
  if (!hasInferenceKernels()) return undefined;
  const inputs = [queries, keys, values, memoryIndices];
  const outputs =
    vector === undefined
      ? nativeKernels("AttendDot", [], inputs, 2)
      : nativeKernels("AttendAdditive", [], [...inputs, vector], 2);
  const [context, weights] = outputs as [tf.Tensor2D, tf.Tensor2D];
  return { context, weights };
}

/**
 * The `count` most probable columns of each row under `softmax(logits + added)`, in descending
 * order, with the lowest index first on ties. Not differentiable.
 *
 * @param logits `[rows, columns]`
 * @param added `[columns]`
 * @returns `probabilities` and `indices` (int32), both `[rows, count]`
 */
export function softmaxTopK(
  logits: tf.Tensor2D,
  added: tf.Tensor1D,
  count: number,
): { probabilities: tf.Tensor2D; indices: tf.Tensor2D } {
  if (hasInferenceKernels()) {
    const attributes = [{ name: "count", type: "int", value: count } as const];
    const outputs = nativeKernels("AttendTopK", attributes, [logits, added], 2);
    const [probabilities, indices] = outputs as [tf.Tensor2D, tf.Tensor2D];
    return { probabilities, indices };
  }
  return tf.tidy(() => {
    const { values, indices } = tf.topk(tf.softmax(tf.add<tf.Tensor2D>(logits, added)), count);
    return { probabilities: values, indices };
  });
}
