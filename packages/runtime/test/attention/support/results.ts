import { multiHeadAttention, slotAttention, tf } from "../../../src/index.ts";
import { normal } from "../../support/numbers.ts";

/** Values and gradients of heads of uneven sizes, padded and causal, and of slot attention. */
export function headResults(): tf.Tensor[] {
  const lengths = tf.tensor1d([9, 37, 1], "int32");
  const options = { heads: 3, lengths, causal: true };
  const attend = (queries: tf.Tensor3D, memory: tf.Tensor3D) =>
    multiHeadAttention({ queries, memory }, options);
  const queries = normal<tf.Rank.R3>([3, 23, 57], 1);
  const memory = normal<tf.Rank.R3>([3, 37, 114], 2);
  const sum = (q: tf.Tensor, m: tf.Tensor) =>
    tf.sum(tf.square(attend(q as tf.Tensor3D, m as tf.Tensor3D).context));
  const { context, weights } = attend(queries, memory);
  const slots = tf.tensor2d(
    [
      [5, 0, 6, -1],
      [1, 1, -1, -1],
    ],
    undefined,
    "int32",
  );
  const placed = slotAttention(normal([2, 57], 3), normal([7, 114], 4), slots, 3);
  const gradients = tf.grads(sum)([queries, memory]);
  return [context, weights, placed.context, placed.weights, ...gradients];
}
