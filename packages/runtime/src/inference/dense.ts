import { nativeKernel } from "../kernels.ts";
import { currentTuning } from "../processor/current.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * The rows in the search for one sentence or photo, where the time goes into reading the weights.
 */
const mostFewRows = 8;

/**
 * `x w + b`, or with `transposed` `x w^T + b`; one operation if no gradient is being recorded.
 *
 * @param x `[rows, depth]`
 * @param weights `[depth, columns]`, transposed `[columns, depth]`
 * @param bias `[columns]`
 * @returns `[rows, columns]`
 */
export function denseProduct(
  x: tf.Tensor2D,
  weights: tf.Tensor2D,
  { bias, transposed = false }: { bias?: tf.Tensor1D | undefined; transposed?: boolean } = {},
): tf.Tensor2D {
  const [rows, depth] = x.shape;
  // At greater depth, TensorFlow's own product, which splits it, is up to a fifth faster.
  if (hasInferenceKernels() && (rows <= mostFewRows || depth <= currentTuning().tuning.ownDepth)) {
    const name = transposed ? "AttendDenseTransposed" : "AttendDense";
    return tf.tidy(() =>
      nativeKernel(name, [], [x, weights, bias ?? tf.tensor1d([])]),
    ) as tf.Tensor2D;
  }
  if (bias === undefined) return tf.matMul(x, weights, false, transposed);
  // If a gradient is being recorded, this is a product and a sum.
  return tf.fused.matMul({ a: x, b: weights, transposeB: transposed, bias }) as tf.Tensor2D;
}

/** Whether the kernels for few rows, which have no gradient, apply to `x`. */
export function hasFewRows(x: tf.Tensor2D): boolean {
  const [rows] = x.shape;
  return rows > 0 && rows <= mostFewRows && hasInferenceKernels();
}
