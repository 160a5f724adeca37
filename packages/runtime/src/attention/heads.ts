import { customGradients } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";

/** Far below every score, yet finite, so that a query that may look nowhere gives no NaN. */
const excluded = -1e9;

/** Queries of each row that look at keys and values of the same row, head by head. */
export interface HeadInputs {
  /** `[rows, queries, size]`: the heads side by side, `size / heads` wide each. */
  readonly queries: tf.Tensor3D;
  /** `[rows, positions, 2 size]`: the keys of all heads, then the values. */
  readonly memory: tf.Tensor3D;
}

/** How {@link multiHeadAttention} splits and masks. */
export interface HeadOptions {
  readonly heads: number;
  /** `[rows]` int32: only so many positions of a row take part; by default all. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** Query i looks at the positions up to i. */
  readonly causal?: boolean | undefined;
  /** `[rows, heads, queries, positions]`: what the weights are multiplied by, for dropout. */
  readonly kept?: tf.Tensor4D | undefined;
}

/** A type, not an interface, so that `tf.tidy` may return it. */
export type Heads = {
  /** `[rows, queries, size]` */
  readonly context: tf.Tensor3D;
  /** `[rows, heads, queries, positions]`, before `kept`; each row sums to 1. */
  readonly weights: tf.Tensor4D;
};

/**
 * Scaled dot-product attention of several heads, `softmax(q k^T / sqrt(d)) v` for each (Vaswani et al.
 * 2017, eq. 1), differentiable in queries and memory.
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
      const kept = options.kept ?? tf.tensor1d([]);
      const given = [queries, memory, lengths, kept];
      const outputs = nativeKernels("AttendHeads", attributes, given, 2);
      const values = outputs as [tf.Tensor3D, tf.Tensor4D];
      return { values, saved: [...given, values[1]] };
    },
    (dys, saved) => nativeKernels("AttendHeadsGrad", attributes, [...saved, ...dys], 2),
  );
  return { context, weights };
}

/** {@link multiHeadAttention} of plain operations, for every engine. */
export function composedHeads({ queries, memory }: HeadInputs, options: HeadOptions): Heads {
  const { heads, lengths, causal = false, kept } = options;
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
    const used = kept === undefined ? weights : tf.mul(weights, kept);
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
