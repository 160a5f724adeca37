import { customGradient, tf } from "@attend/runtime";

/**
 * Cross-entropy of each row, `[rows]`, in nats: `-sum_v q(v) log softmax(logits)(v)`, where q puts
 * 1 - labelSmoothing on the target and spreads labelSmoothing evenly (Szegedy et al. 2016, section 7).
 *
 * @param logits `[rows, classes]`
 * @param targets `[rows]` int32, each below `classes`
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
  options?: { labelSmoothing?: number },
): tf.Tensor1D {
  const smoothing = options?.labelSmoothing ?? 0;
  const classes = logits.shape[1];
  const [onTarget, elsewhere] = [1 - smoothing, smoothing / classes];
  return customGradient<tf.Tensor1D>(
    [logits],
    () => {
      const logProbabilities = tf.logSoftmax(logits);
      const oneHot = tf.oneHot(targets, classes);
      let value = tf.mul(tf.sum(tf.mul(logProbabilities, oneHot), 1), -onTarget);
      if (smoothing > 0) value = tf.sub(value, tf.mul(tf.sum(logProbabilities, 1), elsewhere));
      return { value: value as tf.Tensor1D, saved: [logProbabilities, targets] };
    },
    (dy, [logProbabilities, savedTargets]) => {
      if (logProbabilities === undefined || savedTargets === undefined) return [];
      const expected = tf.oneHot(
        savedTargets as tf.Tensor1D,
        classes,
        onTarget + elsewhere,
        elsewhere,
        "float32",
      );
      const difference = tf.sub(tf.exp(logProbabilities), expected);
      return [tf.mul(difference, tf.expandDims(dy, 1))];
    },
  );
}
