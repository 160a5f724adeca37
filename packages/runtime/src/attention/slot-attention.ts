import { hasInferenceKernels } from "../inference/available.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { multiHeadAttention } from "./heads.ts";

/**
 * {@link multiHeadAttention} with one query per row over memory slots that rows may share and that
 * need not be contiguous. A decoding step needs this: the beams of a sentence share its source and
 * their prefixes. Not differentiable.
 *
 * @param queries `[rows, size]`
 * @param memory `[slots, 2 size]`: the keys of all heads, then the values
 * @param slots `[rows, positions]` int32: the slots that a row attends to, padded at the end with
 * -1; at least one per row
 * @returns `context` `[rows, size]`, `weights` `[rows, heads, positions]`
 */
export function slotAttention(
  queries: tf.Tensor2D,
  memory: tf.Tensor2D,
  slots: tf.Tensor2D,
  heads: number,
): { context: tf.Tensor2D; weights: tf.Tensor3D } {
  if (hasInferenceKernels()) {
    const attributes = [{ name: "heads", type: "int", value: heads } as const];
    const outputs = nativeKernels("AttendSlots", attributes, [queries, memory, slots], 2);
    const [context, weights] = outputs as [tf.Tensor2D, tf.Tensor3D];
    return { context, weights };
  }
  return composedSlotAttention(queries, memory, slots, heads);
}

/** {@link slotAttention} composed of TensorFlow operations, for any engine. */
export function composedSlotAttention(
  queries: tf.Tensor2D,
  memory: tf.Tensor2D,
  slots: tf.Tensor2D,
  heads: number,
): { context: tf.Tensor2D; weights: tf.Tensor3D } {
  return tf.tidy(() => {
    const [rows, size] = queries.shape;
    const [, positions] = slots.shape;
    const valid = tf.cast(tf.greaterEqual(slots, tf.scalar(0, "int32")), "int32");
    const flatSlots: tf.Tensor1D = tf.reshape(tf.mul(slots, valid), [rows * positions]);
    const memories: tf.Tensor3D = tf.reshape(tf.gather(memory, flatSlots), [
      rows,
      positions,
      2 * size,
    ]);
    const lengths = tf.sum<tf.Tensor1D>(valid, 1);
    const single: tf.Tensor3D = tf.reshape(queries, [rows, 1, size]);
    const inputs = { queries: single, memory: memories };
    const { context, weights } = multiHeadAttention(inputs, { heads, lengths });
    return {
      context: tf.squeeze<tf.Tensor2D>(context, [1]),
      weights: tf.squeeze<tf.Tensor3D>(weights, [2]),
    };
  });
}
