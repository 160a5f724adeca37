import { tf } from "@attend/runtime";

/**
 * The doubly stochastic penalty, `mean over batch and positions of (1 - sum_t alpha_t)^2`. It
 * encourages attending to every part of the picture about once (Xu et al. 2015, eq. 14).
 *
 * @param weights `[batch, steps, positions]`
 * @param stepMask `[batch, steps]`, 1 at valid steps
 */
export function doublyStochasticPenalty(weights: tf.Tensor3D, stepMask: tf.Tensor2D): tf.Scalar {
  const attended = tf.sum(tf.mul(weights, tf.expandDims(stepMask, 2)), 1); // [batch, positions]
  return tf.mean(tf.square(tf.sub(1, attended)));
}

/**
 * The coverage loss: the mean over all valid steps of `sum_i min(alpha_ti, c_ti)`, where `c_t` is the
 * sum of the weights before step t. It discourages attending to the same position again (See et al.
 * 2017, eq. 12).
 *
 * @param weights `[batch, steps, positions]`
 * @param stepMask `[batch, steps]`, 1 at valid steps
 */
export function coverageLoss(weights: tf.Tensor3D, stepMask: tf.Tensor2D): tf.Scalar {
  // The gradient of TensorFlow.js's cumsum is wrong along any axis but the last.
  const alpha: tf.Tensor3D = tf.transpose(weights, [0, 2, 1]); // [batch, positions, steps]
  const coverage = tf.cumsum(alpha, 2, true); // before each step
  const overlap = tf.sum(tf.minimum(alpha, coverage), 1); // [batch, steps]
  return tf.div(tf.sum(tf.mul(overlap, stepMask)), tf.maximum(tf.sum(stepMask), 1));
}
