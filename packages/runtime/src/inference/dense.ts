import { AttendError } from "../errors.ts";
import { type Attribute, nativeKernel } from "../kernels.ts";
import { currentTuning } from "../processor/current.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * The rows in the search for one sentence or photo, where the time goes into reading the weights.
 */
export const mostFewRows = 8;
/** Floats in the largest vector of a kernel. */
const lanes = 16;

/** Numbered as in native/kernels.h. */
const activations = { linear: 0, relu: 1, gelu: 3 } as const;

/** Options of {@link denseProduct}. */
export interface DenseOptions {
  /** `[columns]` */
  readonly bias?: tf.Tensor1D | undefined;
  /** The weights are `[columns, depth]`. */
  readonly transposed?: boolean | undefined;
  /** The weights are those of {@link packedWeights}. */
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
  const readsOnce = packed || x.size <= mostFewRows * depth;
  // At greater depth, TensorFlow's own product, which splits it, is up to a fifth faster.
  if (hasInferenceKernels() && (readsOnce || depth <= currentTuning().tuning.ownDepth)) {
    const kind: Attribute = { name: "activation", type: "int", value: activations[activation] };
    const layout = transposed ? "Transposed" : packed ? "Packed" : "";
    return tf.tidy(() =>
      nativeKernel(`AttendDense${layout}`, [kind], [x, weights, bias ?? tf.tensor1d([])]),
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

/**
 * Weights in the order in which {@link denseProduct} reads them if `packed`, which takes half the time for ten rows.
 *
 * @param weights `[depth, columns]`
 * @returns of the same shape; undefined if the engine has no kernel for it. The caller owns it
 */
export function packedWeights(weights: tf.Tensor2D): tf.Tensor2D | undefined {
  if (!hasInferenceKernels() || weights.shape[1] % lanes !== 0) return undefined;
  return nativeKernel("AttendPack", [], [weights]) as tf.Tensor2D;
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
  if (activation === "relu") return tf.relu(x);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
