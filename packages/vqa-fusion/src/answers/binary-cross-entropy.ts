import { tf } from "@attend/runtime";

/**
 * The binary cross-entropy of each row, summed over the classes, `[rows]`, in nats (Teney et al. 2018):
 *
 *     -sum_c s_c log sigmoid(x_c) + (1 - s_c) log(1 - sigmoid(x_c))
 *
 * @param logits x, `[rows, classes]`
 * @param targets s, how right each answer is, 0 to 1, `[rows, classes]`
 * @returns the caller, or the `tf.tidy` around it, owns it
 */
export function binaryCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  // log(1 + e^x) - s x, where log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), which does not overflow.
  return tf.tidy(() => {
    const softplus = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
    return tf.sum<tf.Tensor1D>(tf.sub(softplus, tf.mul(targets, logits)), 1);
  });
}
