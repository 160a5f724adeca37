import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * Attention by dot products of one query a row, in one operation: `softmax(q k^T) v`. Rows may share a
 * memory, which is not copied for them.
 *
 * @param queries `[rows, size]`
 * @param keys `[memories, positions, size]`
 * @param values `[memories, positions, valueSize]`
 * @param owners `[rows]` int32: the memory of each row
 * @returns `context` `[rows, valueSize]` and `weights` `[rows, positions]`, or nothing where the engine has
 *   no kernel for it or a gradient is asked for.
 */
export function fusedAttention(
  queries: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  owners: tf.Tensor1D,
): { context: tf.Tensor2D; weights: tf.Tensor2D } | undefined {
  if (!hasInferenceKernels()) return undefined;
  const outputs = nativeKernels("AttendDot", [], [queries, keys, values, owners], 2);
  const [context, weights] = outputs as [tf.Tensor2D, tf.Tensor2D];
  return { context, weights };
}

/**
 * The `count` likeliest columns of each row, best first, of equals the first, under the softmax of
 * `logits + added`. Not differentiable.
 *
 * @param logits `[rows, columns]`
 * @param added `[columns]`
 * @returns `probabilities` and `places` (int32), both `[rows, count]`
 */
export function likeliest(
  logits: tf.Tensor2D,
  added: tf.Tensor1D,
  count: number,
): { probabilities: tf.Tensor2D; places: tf.Tensor2D } {
  if (hasInferenceKernels()) {
    const attributes = [{ name: "count", type: "int", value: count } as const];
    const outputs = nativeKernels("AttendBest", attributes, [logits, added], 2);
    const [probabilities, places] = outputs as [tf.Tensor2D, tf.Tensor2D];
    return { probabilities, places };
  }
  return tf.tidy(() => {
    const { values, indices } = tf.topk(tf.softmax(tf.add<tf.Tensor2D>(logits, added)), count);
    return { probabilities: values, places: indices };
  });
}
