import { tf } from "@attend/runtime";

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

/**
 * The coverage loss, the mean over the steps that count of `sum_i min(alpha_ti, c_ti)` with `c_t` the sum
 * of the weights before step t: what was looked at should not be looked at again (See et al. 2017, eq. 12).
 *
 * @param weights `[batch, steps, positions]`
 * @param stepMask `[batch, steps]`, 1 where a step counts
 */
export function coverageLoss(weights: tf.Tensor3D, stepMask: tf.Tensor2D): tf.Scalar {
  // TensorFlow.js sums up along another axis than the last with a wrong gradient.
  const looks: tf.Tensor3D = tf.transpose(weights, [0, 2, 1]); // [batch, positions, steps]
  const covered = tf.cumsum(looks, 2, true); // before each step
  const again = tf.sum(tf.minimum(looks, covered), 1); // [batch, steps]
  return tf.div(tf.sum(tf.mul(again, stepMask)), tf.maximum(tf.sum(stepMask), 1));
}
