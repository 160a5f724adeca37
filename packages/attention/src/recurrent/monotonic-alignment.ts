import { tf } from "@attend/runtime";
import { withoutGradient } from "../without-gradient.ts";
import { eachQuery } from "./recurrent-attention.ts";

/**
 * `alpha_tj = p_tj sum over k <= j of alpha_{t-1,k} prod over k <= l < j of (1 - p_tl)` (eq. 8).
 *
 * The paper's equation 11 divides cumulative products, which vanish. Here the way from k to j is the
 * exponential of a difference of sums of `log(1 - p)`, never above 1, for all queries at once; only a
 * product of matrices depends on the look before.
 *
 * @param energies `[rows, queries, positions]`; p is their sigmoid
 * @param before the alignment of the look before, `[rows, 1, positions]`
 * @returns `[rows, queries, positions]`; each sums to at most 1
 */
export function expectedAlignments(energies: tf.Tensor3D, before: tf.Tensor3D): tf.Tensor3D {
  const positions = energies.shape[2];
  // log(1 - sigmoid(e)) = -softplus(e)
  const passed = tf.cumsum(tf.neg(tf.softplus(energies)), 2, true); // [rows, queries, positions]
  const way = tf.sub(tf.expandDims(passed, 2), tf.expandDims(passed, 3)); // [..., from k, to j]
  const index = tf.range(0, positions);
  const ahead = tf.lessEqual(tf.expandDims(index, 1), index); // [from k, to j]
  const arrives = tf.exp(tf.where(tf.broadcastTo(ahead, way.shape), way, tf.fill(way.shape, -1e9)));
  const moves = tf.mul(arrives, tf.expandDims(tf.sigmoid(energies), 2)) as tf.Tensor4D;
  let alignment = before;
  const count = energies.shape[1];
  const steps = count === 1 ? [moves] : tf.split(moves, count, 1);
  const weights = steps.map((step) => {
    alignment = tf.matMul(alignment, tf.squeeze<tf.Tensor3D>(step, [1]));
    return alignment;
  });
  return tf.concat(weights, 1);
}

/**
 * Each look stops at the first position from the last one on that is likelier than not: shapes of
 * {@link expectedAlignments}, 1 at one position or at none. Without a gradient.
 */
export function hardAlignments(energies: tf.Tensor3D, before: tf.Tensor3D): tf.Tensor3D {
  let alignment = before;
  const likely: tf.Tensor3D = withoutGradient(energies, () =>
    tf.cast(tf.greater(energies, 0), "float32"),
  );
  const weights = eachQuery(likely).map((stops) => {
    const open = tf.mul(stops, tf.cumsum(alignment, 2)); // [rows, 1, positions]
    alignment = tf.mul(open, tf.cast(tf.equal(tf.cumsum(open, 2, true), 0), "float32"));
    return alignment;
  });
  return tf.concat(weights, 1);
}
