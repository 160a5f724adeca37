import { AttendError } from "../errors.ts";
import { type Attribute, nativeKernel } from "../kernels.ts";
import { currentTuning } from "../processor/current.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";
import { packedCopy } from "./packed-copies.ts";

/**
 * The rows in the search for one sentence or photo, where the time goes into reading the weights.
 */
export const mostFewRows = 8;
/** Numbered as in native/kernels.h. */
export const activations = { linear: 0, relu: 1, gelu: 3, tanh: 4, sigmoid: 5 } as const;

/** Options of {@link denseProduct}. */
export interface DenseOptions {
  /** `[columns]` */
  readonly bias?: tf.Tensor1D | undefined;
  /** The weights are `[columns, depth]`. */
  readonly transposed?: boolean | undefined;
  /** The weights are those of `packedWeights`. */
  readonly packed?: boolean | undefined;
  /** `gelu` is `x P(X <= x)` for a standard normal X (Hendrycks & Gimpel 2016). Default: `linear`. */
  readonly activation?: keyof typeof activations | undefined;
}

/**
 * `f(x w + b)`, or with `transposed` `f(x w^T + b)`; one operation if no gradient is being recorded.
 *
 * @param x `[..., depth]`
 * @param weights `[depth, columns]`
 * @returns `[..., columns]`
 * @throws AttendError BAD_ARGUMENT for packed weights if a gradient is being recorded
 */
export function denseProduct<T extends tf.Tensor>(
  x: T,
  weights: tf.Tensor2D,
  options: DenseOptions = {},
): T {
  const { bias, transposed = false, packed = false, activation = "linear" } = options;
  const depth = x.shape.at(-1) ?? 0;
  const isFew = x.size > 0 && x.size <= mostFewRows * depth;
  // At greater depth, TensorFlow's own product, which splits it, is up to a fifth faster.
  if (hasInferenceKernels() && (packed || isFew || depth <= currentTuning().tuning.ownDepth)) {
    const kind: Attribute = { name: "activation", type: "int", value: activations[activation] };
    const layout = transposed ? "Transposed" : packed ? "Packed" : "";
    const copy = isFew && layout === "" ? packedCopy(weights) : undefined;
    const kernel = copy === undefined ? `AttendDense${layout}` : "AttendFewRows";
    return tf.tidy(() =>
      nativeKernel(kernel, [kind], [x, copy ?? weights, bias ?? tf.tensor1d([])]),
    ) as T;
  }
  if (packed) {
    const message = "packed weights have no gradient; load the model again to train it";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const rows = isMatrix(x) ? x : tf.reshape<tf.Rank.R2>(x, [-1, depth]);
  const sums = product(rows, weights, bias, transposed);
  const shape = [...x.shape.slice(0, -1), weights.shape[transposed ? 0 : 1]];
  return activate(isMatrix(x) ? sums : tf.reshape(sums, shape), activation) as T;
}

/** Whether the kernels for few rows, which have no gradient, apply to `x`. */
export function hasFewRows(x: tf.Tensor2D): boolean {
  const [rows] = x.shape;
  return rows > 0 && rows <= mostFewRows && hasInferenceKernels();
}

function isMatrix(tensor: tf.Tensor): tensor is tf.Tensor2D {
  return tensor.rank === 2;
}

function product(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  bias: tf.Tensor1D | undefined,
  transposeB: boolean,
): tf.Tensor {
  if (bias === undefined) return tf.matMul(a, b, false, transposeB);
  // If a gradient is being recorded, this is a product and a sum.
  return tf.fused.matMul({ a, b, transposeB, bias });
}

function activate(x: tf.Tensor, activation: keyof typeof activations): tf.Tensor {
  if (activation === "linear") return x;
  if (activation !== "gelu") return tf[activation](x);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
