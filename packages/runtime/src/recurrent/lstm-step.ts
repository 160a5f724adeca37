import { customGradients } from "../custom-gradient.ts";
import { packedCopy } from "../inference/packed-copies.ts";
import { type Attribute, floatType, nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";

/**
 * The order of the gates in `kernel` and `bias`: input, candidate, forget, output, each `units`
 * wide. It is the order of TensorFlow's block kernels, so no permutation is needed.
 */
export const LSTM_GATES = ["input", "candidate", "forget", "output"] as const;

/** Hidden state and cell state of an LSTM. */
export interface LstmState {
  /** `[batch, units]` */
  readonly h: tf.Tensor2D;
  /** `[batch, units]` */
  readonly c: tf.Tensor2D;
}

/** Weights of {@link lstmStep}. */
export interface LstmWeights {
  /** `[inputSize + units, 4 * units]`, with gates as in {@link LSTM_GATES}. */
  readonly kernel: tf.Tensor2D;
  /** `[4 * units]` */
  readonly bias: tf.Tensor1D;
  /**
   * `[3, units]`: connects the input and forget gates to the cell state before the step, and the
   * output gate to the one after it (Gers & Schmidhuber 2000). Without it, no gate sees the cell
   * state.
   */
  readonly peephole?: tf.Tensor2D | undefined;
}

type Matrix = tf.Tensor2D;
type Inputs = [
  x: Matrix,
  h: Matrix,
  c: Matrix,
  kernel: Matrix,
  bias: tf.Tensor1D,
  ...peephole: Matrix[], // At most one.
];
/**
 * The outputs of the forward kernel: gates after their activation, cell state, tanh of it, output.
 */
type Trace = [
  inputGate: Matrix,
  cell: Matrix,
  forgetGate: Matrix,
  outputGate: Matrix,
  candidate: Matrix,
  tanhCell: Matrix,
  hidden: Matrix,
];

/**
 * One step on the native engine, in one TensorFlow kernel; the backward pass is one kernel and two
 * products. It reads the weights without packing them, so for a single step it is faster than the
 * fused kernels.
 */
export function nativeLstmStep(x: Matrix, { h, c }: LstmState, weights: LstmWeights): LstmState {
  const { kernel, bias, peephole } = weights;
  const inputs: Inputs = [x, h, c, kernel, bias, ...(peephole ? [peephole] : [])];
  const [nextH, nextC] = customGradients<[Matrix, Matrix]>(
    inputs,
    () => {
      const trace = nativeKernels(
        "LSTMBlockCell",
        [
          { name: "forget_bias", type: "float", value: 0 },
          { name: "cell_clip", type: "float", value: -1 },
          ...attributes(peephole),
        ],
        [x, c, h, kernel, ...peepholes(peephole, h), bias],
        7,
      ) as Trace;
      const [, cell, , , , , hidden] = trace;
      return { values: [hidden, cell], saved: [...trace, ...inputs] };
    },
    (dys, saved) => gradient(dys, saved as [...Trace, ...Inputs]),
  );
  return { h: nextH, c: nextC };
}

function gradient([dh, dc]: [Matrix, Matrix], saved: [...Trace, ...Inputs]): tf.Tensor[] {
  const trace = saved.slice(0, 6);
  const [x, h, c, kernel, bias, peephole] = saved.slice(7) as Inputs;
  const [dcBefore, dGates, ...dPeepholes] = nativeKernels(
    "LSTMBlockCellGrad",
    attributes(peephole),
    [x, c, h, kernel, ...peepholes(peephole, h), bias, ...trace, dc, dh],
    5,
  ) as [Matrix, Matrix, ...tf.Tensor1D[]];
  // Not `dGates kernel^T`: transposing the larger operand takes several times as long.
  const dJoined = tf.transpose(tf.matMul(kernel, dGates, false, true)); // [batch, inputSize + units]
  const [dx, dhBefore] = tf.split(dJoined, [x.shape[1], h.shape[1]], 1) as [Matrix, Matrix];
  const dKernel = tf.matMul(tf.concat([x, h], 1), dGates, true, false);
  const gradients = [dx, dhBefore, dcBefore, dKernel, tf.sum(dGates, 0)];
  return peephole ? [...gradients, tf.stack(dPeepholes)] : gradients;
}

function attributes(peephole: Matrix | undefined): Attribute[] {
  return [{ name: "use_peephole", type: "bool", value: peephole !== undefined }, floatType];
}

function peepholes(peephole: Matrix | undefined, h: Matrix): tf.Tensor[] {
  if (peephole !== undefined) return tf.unstack(peephole);
  const none = tf.zeros([h.shape[1]]);
  return [none, none, none];
}

/** One step of an LSTM without peepholes; see `lstmStep`. Requires `hasInferenceKernels`, and at least one row. */
export function inferenceLstmStep(
  x: tf.Tensor2D,
  { h, c }: LstmState,
  { kernel, bias }: LstmWeights,
): LstmState {
  const packed = packedCopy(kernel);
  const operation = packed === undefined ? "AttendLstmStep" : "AttendLstmStepPacked";
  const [nextH, nextC] = nativeKernels(operation, [], [x, h, c, packed ?? kernel, bias], 2);
  return { h: nextH as tf.Tensor2D, c: nextC as tf.Tensor2D };
}
