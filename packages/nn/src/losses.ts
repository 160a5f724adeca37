import {
  customGradient,
  floatType,
  fusedCrossEntropy,
  isNative,
  nativeKernels,
  tf,
} from "@attend/runtime";

/**
 * The cross-entropy of each row, `[rows]`, in nats: `-sum_v q(v) log softmax(logits)(v)`, where q puts
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
  const labelSmoothing = options?.labelSmoothing ?? 0;
  const loss = fusedCrossEntropy(logits, targets, labelSmoothing);
  if (loss !== undefined) return loss;
  return lossOf(logits, () => expectedOf(targets, logits.shape[1], labelSmoothing));
}

/**
 * The cross-entropy of each row with given probabilities, `[rows]`, in nats: `-sum_v q(v) log softmax(logits)(v)`.
 *
 * @param logits `[rows, classes]`
 * @param expected q, `[rows, classes]`, each row with a sum of 1; no gradient
 */
export function softCrossEntropy(logits: tf.Tensor2D, expected: tf.Tensor2D): tf.Tensor1D {
  return lossOf(logits, () => expected);
}

function lossOf(logits: tf.Tensor2D, expectedOf: () => tf.Tensor): tf.Tensor1D {
  return customGradient<tf.Tensor1D>(
    [logits],
    () => {
      const expected = expectedOf();
      const { value, gradient } = isNative() ? fused(logits, expected) : composed(logits, expected);
      return { value, saved: [gradient] };
    },
    (dy, saved) => saved.map((gradient) => tf.mul(gradient, tf.expandDims(dy, 1))),
  );
}

/** q, the expected softmax, `[rows, classes]`. */
function expectedOf(targets: tf.Tensor1D, classes: number, labelSmoothing: number): tf.Tensor {
  const [onTarget, everywhere] = [1 - labelSmoothing, labelSmoothing / classes];
  return tf.oneHot(targets, classes, onTarget + everywhere, everywhere, "float32");
}

interface LossAndGradient {
  /** `[rows]` */
  readonly value: tf.Tensor1D;
  /** `softmax(logits) - q`, `[rows, classes]` */
  readonly gradient: tf.Tensor;
}

function fused(logits: tf.Tensor2D, expected: tf.Tensor): LossAndGradient {
  const name = "SoftmaxCrossEntropyWithLogits";
  const [value, gradient] = nativeKernels(name, [floatType], [logits, expected], 2);
  if (value === undefined || gradient === undefined) throw new Error(`${name} has two outputs`);
  return { value: tf.reshape(value, [-1]), gradient };
}

function composed(logits: tf.Tensor2D, expected: tf.Tensor): LossAndGradient {
  const logProbabilities = tf.logSoftmax(logits);
  return {
    value: tf.neg(tf.sum<tf.Tensor1D>(tf.mul(expected, logProbabilities), 1)),
    gradient: tf.sub(tf.exp(logProbabilities), expected),
  };
}

/**
 * How far two predictions are apart, `[rows]`, in nats: the mean of both Kullback-Leibler divergences between
 * `softmax(one)` and `softmax(other)`. R-Drop lowers it for two passes under different dropout (Liang et al. 2021, eq. 2).
 *
 * @param one `[rows, classes]`
 * @param other `[rows, classes]`
 */
export function symmetricDivergence(one: tf.Tensor2D, other: tf.Tensor2D): tf.Tensor1D {
  // The logarithms of the softmaxes' sums cancel.
  const difference = tf.sub(tf.softmax(one), tf.softmax(other));
  return tf.div(tf.sum<tf.Tensor1D>(tf.mul(difference, tf.sub(one, other)), 1), 2);
}
