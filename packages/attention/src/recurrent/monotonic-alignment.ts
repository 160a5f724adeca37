import { tf } from "@attend/runtime";
import { withoutGradient } from "../without-gradient.ts";
import { eachQuery } from "./recurrent-attention.ts";

/**
 * `alpha_tj = p_tj sum over k <= j of alpha_{t-1,k} prod over k <= l < j of (1 - p_tl)` (Raffel et al.
 * 2017, eq. 8).
 *
 * The paper's equation 11 divides cumulative products, which vanish. Here the probability to move
 * from k to j is the exponential of a difference of sums of `log(1 - p)`, never above 1, for all
 * queries at once; only a matrix product depends on the previous step.
 *
 * @param energies `[rows, queries, positions]`; p is their sigmoid
 * @param previous the alignment of the previous step, `[rows, 1, positions]`
 * @returns `[rows, queries, positions]`; each sums to at most 1
 */
export function expectedAlignments(energies: tf.Tensor3D, previous: tf.Tensor3D): tf.Tensor3D {
  const positions = energies.shape[2];
  // log(1 - sigmoid(e)) = -softplus(e)
  const passed = tf.cumsum(tf.neg(tf.softplus(energies)), 2, true); // [rows, queries, positions]
  const logArrival = tf.sub(tf.expandDims(passed, 2), tf.expandDims(passed, 3)); // [..., from k, to j]
  const index = tf.range(0, positions);
  const forward = tf.lessEqual(tf.expandDims(index, 1), index); // [from k, to j]
  const { shape } = logArrival;
  const arrival = tf.exp(
    tf.where(tf.broadcastTo(forward, shape), logArrival, tf.fill(shape, -1e9)),
  );
  const transitions = tf.mul(arrival, tf.expandDims(tf.sigmoid(energies), 2)) as tf.Tensor4D;
  let alignment = previous;
  const weights = tf.split(transitions, energies.shape[1], 1).map((step) => {
    alignment = tf.matMul(alignment, tf.squeeze<tf.Tensor3D>(step, [1]));
    return alignment;
  });
  return tf.concat(weights, 1);
}

/**
 * Each step stops at the first position with a probability above 1/2, starting from the position of
 * the previous step. The shapes are those of {@link expectedAlignments}; the result is 1 at no more than
 * one position. Not differentiable.
 */
export function hardAlignments(energies: tf.Tensor3D, previous: tf.Tensor3D): tf.Tensor3D {
  let alignment = previous;
  const stops: tf.Tensor3D = withoutGradient(energies, () =>
    tf.cast(tf.greater(energies, 0), "float32"),
  );
  const weights = eachQuery(stops).map((stop) => {
    const candidates = tf.mul(stop, tf.cumsum(alignment, 2)); // [rows, 1, positions]
    const isFirst = tf.cast(tf.equal(tf.cumsum(candidates, 2, true), 0), "float32");
    alignment = tf.mul(candidates, isFirst);
    return alignment;
  });
  return tf.concat(weights, 1);
}
