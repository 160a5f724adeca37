import { customGradients } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";

/**
 * Far below every score, yet finite, so that a query with no valid position does not produce NaN.
 */
const excluded = -1e9;

/** Queries that attend to the keys and values of their own row, per head. */
export interface HeadInputs {
  /** `[rows, queries, size]`: the heads side by side, each `size / heads` wide. */
  readonly queries: tf.Tensor3D;
  /** `[rows, positions, 2 size]`: the keys of all heads, then the values. */
  readonly memory: tf.Tensor3D;
}

/** Options of {@link multiHeadAttention}: heads, masks and dropout. */
export interface HeadOptions {
  readonly heads: number;
  /** `[rows]` int32: positions past a row's length are ignored. Default: no padding. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** Query i attends only to positions up to i. */
  readonly causal?: boolean | undefined;
  /** `[rows, heads, queries, positions]`: multiplied with the weights, for dropout. */
  readonly dropoutMask?: tf.Tensor4D | undefined;
}

/** A type rather than an interface, so that `tf.tidy` may return it. */
export type Heads = {
  /** `[rows, queries, size]` */
  readonly context: tf.Tensor3D;
  /** `[rows, heads, queries, positions]`, before dropout; each row sums to 1. */
  readonly weights: tf.Tensor4D;
};

/**
 * Multi-head scaled dot-product attention, `softmax(q k^T / sqrt(d)) v` for each head (Vaswani et
 * al. 2017, eq. 1); differentiable with respect to queries and memory.
 */
export function multiHeadAttention(inputs: HeadInputs, options: HeadOptions): Heads {
  return hasFusedKernels() ? fusedHeads(inputs, options) : composedHeads(inputs, options);
}

function fusedHeads({ queries, memory }: HeadInputs, options: HeadOptions): Heads {
  const attributes = [
    { name: "heads", type: "int", value: options.heads },
    { name: "causal", type: "int", value: options.causal ? 1 : 0 },
  ] as const;
  const [context, weights] = customGradients<[tf.Tensor3D, tf.Tensor4D]>(
    [queries, memory],
    () => {
      const lengths = options.lengths ?? tf.tensor1d([], "int32");
      const dropoutMask = options.dropoutMask ?? tf.tensor1d([]);
      const given = [queries, memory, lengths, dropoutMask];
      const outputs = nativeKernels("AttendHeads", attributes, given, 2);
      const values = outputs as [tf.Tensor3D, tf.Tensor4D];
      return { values, saved: [...given, values[1]] };
    },
    (dys, saved) => nativeKernels("AttendHeadsGrad", attributes, [...saved, ...dys], 2),
  );
  return { context, weights };
}

/** {@link multiHeadAttention} composed of TensorFlow operations, for any engine. */
export function composedHeads({ queries, memory }: HeadInputs, options: HeadOptions): Heads {
  const { heads, lengths, causal = false, dropoutMask } = options;
  const [rows, count, size] = queries.shape;
  const positions = memory.shape[1];
  return tf.tidy(() => {
    const split = (tensor: tf.Tensor3D): tf.Tensor4D =>
      tf.transpose(tf.reshape(tensor, [rows, tensor.shape[1], heads, size / heads]), [0, 2, 1, 3]);
    const [keys, values] = tf.split<tf.Tensor3D>(memory, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
    const scaled = tf.mul(split(queries), 1 / Math.sqrt(size / heads));
    let logits: tf.Tensor4D = tf.matMul(scaled, split(keys), false, true); // [rows, heads, count, positions]
    if (lengths !== undefined) logits = tf.add(logits, lengthBias(lengths, positions));
    if (causal) logits = tf.add(logits, causalBias(count, positions));
    const weights = tf.softmax(logits);
    const used = dropoutMask === undefined ? weights : tf.mul(weights, dropoutMask);
    const context = tf.transpose(tf.matMul(used, split(values)), [0, 2, 1, 3]);
    return { context: tf.reshape<tf.Rank.R3>(context, [rows, count, size]), weights };
  });
}

/** `[rows, 1, 1, positions]` */
function lengthBias(lengths: tf.Tensor1D, positions: number): tf.Tensor {
  const beyond = tf.greaterEqual(
    tf.range(0, positions, 1, "int32"),
    tf.reshape(lengths, [-1, 1, 1, 1]),
  );
  return tf.mul(tf.cast(beyond, "float32"), excluded);
}

/** `[queries, positions]` */
function causalBias(queries: number, positions: number): tf.Tensor {
  const later = tf.greater(
    tf.range(0, positions, 1, "int32"),
    tf.expandDims(tf.range(0, queries, 1, "int32"), 1),
  );
  return tf.mul(tf.cast(later, "float32"), excluded);
}
