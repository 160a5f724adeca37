import { hasInferenceKernels } from "../inference/available.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { multiHeadAttention } from "./heads.ts";

/**
 * {@link multiHeadAttention} of one query a row to memories that rows may share and need not be neighbours in:
 * what a decoder's step needs, whose beams share a source, and their beginnings. Not differentiable.
 *
 * @param queries `[rows, size]`
 * @param memory `[slots, 2 size]`: the keys of all heads, then the values
 * @param places `[rows, positions]` int32: which slots a row looks at; -1 is none. A row has at least one, and
 *   those that are none come last.
 * @returns `context` `[rows, size]`, `weights` `[rows, heads, positions]`
 */
export function placedAttention(
  queries: tf.Tensor2D,
  memory: tf.Tensor2D,
  places: tf.Tensor2D,
  heads: number,
): { context: tf.Tensor2D; weights: tf.Tensor3D } {
  if (hasInferenceKernels()) {
    const attributes = [{ name: "heads", type: "int", value: heads } as const];
    const outputs = nativeKernels("AttendPlaces", attributes, [queries, memory, places], 2);
    const [context, weights] = outputs as [tf.Tensor2D, tf.Tensor3D];
    return { context, weights };
  }
  return composedPlaces(queries, memory, places, heads);
}

/** {@link placedAttention} of plain operations, for every engine. */
export function composedPlaces(
  queries: tf.Tensor2D,
  memory: tf.Tensor2D,
  places: tf.Tensor2D,
  heads: number,
): { context: tf.Tensor2D; weights: tf.Tensor3D } {
  return tf.tidy(() => {
    const [rows, size] = queries.shape;
    const [, positions] = places.shape;
    const taking = tf.cast(tf.greaterEqual(places, tf.scalar(0, "int32")), "int32");
    const slots: tf.Tensor1D = tf.reshape(tf.mul(places, taking), [rows * positions]);
    const own: tf.Tensor3D = tf.reshape(tf.gather(memory, slots), [rows, positions, 2 * size]);
    const lengths = tf.sum<tf.Tensor1D>(taking, 1);
    const single: tf.Tensor3D = tf.reshape(queries, [rows, 1, size]);
    const given = { queries: single, memory: own };
    const { context, weights } = multiHeadAttention(given, { heads, lengths });
    return {
      context: tf.squeeze<tf.Tensor2D>(context, [1]),
      weights: tf.squeeze<tf.Tensor3D>(weights, [2]),
    };
  });
}
