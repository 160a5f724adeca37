import { customGradient } from "./custom-gradient.ts";
import { type Attribute, floatType, int64Scalar, isNative, nativeKernels } from "./kernels.ts";
import { tf } from "./tf.ts";

/**
 * The gates' order inside `kernel` and `bias`: input, candidate, forget, output, each `units` wide.
 * It is the order of TensorFlow's block kernels, so nothing is permuted on the way.
 */
export const LSTM_GATES = ["input", "candidate", "forget", "output"] as const;

export interface LstmState {
  /** `[batch, units]` */
  readonly h: tf.Tensor2D;
  /** `[batch, units]` */
  readonly c: tf.Tensor2D;
}

export interface LstmWeights {
  /** `[inputSize + units, 4 * units]`, gates as in {@link LSTM_GATES}. */
  readonly kernel: tf.Tensor2D;
  /** `[4 * units]` */
  readonly bias: tf.Tensor1D;
}

/**
 * Runs an LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over a whole
 * sequence. The native engine does the forward pass in one fused kernel; backwards it takes one fused
 * kernel and one product a step, and the weights' gradients in two large products at the end.
 * Elsewhere it is the plain loop. Differentiable in every tensor argument.
 *
 * @param input `[batch, steps, inputSize]`
 * @returns `output` `[batch, steps, units]` and the state after the last step.
 */
export function lstmSequence(
  input: tf.Tensor3D,
  initial: LstmState,
  weights: LstmWeights,
): { output: tf.Tensor3D; state: LstmState } {
  const steps = input.shape[1];
  const packed = lstmPacked(tf.transpose(input, [1, 0, 2]), initial, weights);
  const outputs = tf.slice(packed, 0, steps);
  return {
    output: tf.transpose(outputs, [1, 0, 2]),
    state: { h: row(packed, steps - 1), c: row(packed, steps) },
  };
}

/** One step of {@link lstmSequence}; `input` is `[batch, inputSize]`. */
export function lstmStep(input: tf.Tensor2D, state: LstmState, weights: LstmWeights): LstmState {
  if (!isNative()) return plainStep(input, state, weights);
  const packed = lstmPacked(tf.expandDims(input, 0), state, weights);
  return { h: row(packed, 0), c: row(packed, 1) };
}

function row(packed: tf.Tensor3D, index: number): tf.Tensor2D {
  return tf.squeeze(tf.slice(packed, index, 1), [0]);
}

/** `[steps, batch, inputSize] -> [steps + 1, batch, units]`: every hidden state, then the last cell state. */
function lstmPacked(x: tf.Tensor3D, { h, c }: LstmState, { kernel, bias }: LstmWeights): Steps {
  return isNative()
    ? fusedSequence([x, h, c, kernel, bias])
    : plainSequence(x, { h, c }, { kernel, bias });
}

function plainStep(input: tf.Tensor2D, { h, c }: LstmState, weights: LstmWeights): LstmState {
  const gates = tf.add(tf.matMul(tf.concat([input, h], 1), weights.kernel), weights.bias);
  const units = h.shape[1];
  const gate = (index: number) => tf.slice(gates, [0, index * units], [-1, units]) as tf.Tensor2D;
  const [i, candidate, f, o] = [gate(0), gate(1), gate(2), gate(3)];
  const kept: tf.Tensor2D = tf.mul(tf.sigmoid(f), c);
  const nextC: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(candidate)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(nextC)), c: nextC };
}

function plainSequence(x: tf.Tensor3D, initial: LstmState, weights: LstmWeights): Steps {
  let state = initial;
  const outputs: tf.Tensor2D[] = [];
  for (const input of tf.unstack(x)) {
    state = plainStep(input as tf.Tensor2D, state, weights);
    outputs.push(state.h);
  }
  return tf.stack([...outputs, state.c]) as Steps;
}

/** `[steps, batch, units]` */
type Steps = tf.Tensor3D;
type Inputs = [x: Steps, h0: tf.Tensor2D, c0: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D];
/** What the forward kernel leaves: gates after their activation, cell states, tanh of them, outputs. */
type Trace = [
  inputGate: Steps,
  cell: Steps,
  forgetGate: Steps,
  outputGate: Steps,
  candidate: Steps,
  tanhCell: Steps,
  hidden: Steps,
];

const stepAttributes: readonly Attribute[] = [
  { name: "use_peephole", type: "bool", value: false },
  floatType,
];
const blockAttributes: readonly Attribute[] = [
  { name: "forget_bias", type: "float", value: 0 },
  { name: "cell_clip", type: "float", value: -1 },
  ...stepAttributes,
];

function fusedSequence(inputs: Inputs): Steps {
  const [x, h0, c0, kernel, bias] = inputs;
  const steps = x.shape[0];
  return customGradient<Steps>(
    inputs,
    () => {
      const peephole = tf.zeros([h0.shape[1]]);
      const trace = nativeKernels(
        "BlockLSTM",
        blockAttributes,
        [int64Scalar(steps), x, c0, h0, kernel, peephole, peephole, peephole, bias],
        7,
      ) as Trace;
      const [, cell, , , , , hidden] = trace;
      const value = tf.concat([hidden, tf.slice(cell, steps - 1, 1)], 0);
      return { value, saved: [...inputs, ...trace] };
    },
    (dy, saved) => fusedGradient(dy, saved as [...Inputs, ...Trace]),
  );
}

function fusedGradient(dy: Steps, [x, h0, c0, kernel, bias, ...trace]: [...Inputs, ...Trace]) {
  const [steps, batch, inputSize] = x.shape;
  const units = h0.shape[1];
  const hidden = trace[6];
  const inputKernel = tf.slice(kernel, 0, inputSize);
  // Transposed once: with few rows, TensorFlow's product with a transposed right side takes 2-3 times as long.
  const recurrentTransposed: tf.Tensor2D = tf.transpose(tf.slice(kernel, inputSize, units));
  const [is, cs, fs, os, candidates, tanhs] = trace.map((t) => tf.unstack(t)) as tf.Tensor[][];
  const dys = tf.unstack(dy);
  const peephole = tf.zeros([units]);
  // Of its first input the kernel reads only the shape.
  const firstInput = row(x, 0);

  const dGates = new Array<tf.Tensor2D>(steps); // each [batch, 4 * units]
  let dc = at(dys, steps);
  let dh = at(dys, steps - 1);
  for (let t = steps - 1; t >= 0; t--) {
    const cPrevious = t > 0 ? at(cs, t - 1) : c0;
    const [dcPrevious, dGate] = nativeKernels(
      "LSTMBlockCellGrad",
      stepAttributes,
      [
        ...[firstInput, cPrevious, h0, kernel, peephole, peephole, peephole, bias],
        ...[is, cs, fs, os, candidates, tanhs].map((gate) => at(gate, t)),
        ...[dc, dh],
      ],
      5,
    ) as [tf.Tensor2D, tf.Tensor2D];
    dGates[t] = dGate;
    dc = dcPrevious;
    dh = tf.matMul(dGate, recurrentTransposed);
    if (t > 0) dh = tf.add(dh, at(dys, t - 1));
  }

  const dGatesFlat = tf.concat(dGates, 0); // [steps * batch, 4 * units]
  const flatten = (t: tf.Tensor, width: number): tf.Tensor2D => tf.reshape(t, [-1, width]);
  const hPrevious = tf.concat([tf.expandDims(h0, 0), tf.slice(hidden, 0, steps - 1)], 0);
  const dKernel = tf.concat([
    tf.matMul(flatten(x, inputSize), dGatesFlat, true, false),
    tf.matMul(flatten(hPrevious, units), dGatesFlat, true, false),
  ]);
  const dx = tf.reshape(tf.matMul(dGatesFlat, inputKernel, false, true), [steps, batch, inputSize]);
  return [dx, dh, dc, dKernel, tf.sum(dGatesFlat, 0)];
}

function at(list: tf.Tensor[] | undefined, index: number): tf.Tensor {
  const tensor = list?.[index];
  if (tensor === undefined) throw new RangeError(`no step ${index}`);
  return tensor;
}
