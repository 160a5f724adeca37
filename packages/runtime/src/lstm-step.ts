import { customGradient } from "./custom-gradient.ts";
import { type Attribute, floatType, nativeKernels } from "./kernels.ts";
import { tf } from "./tf.ts";

type Matrix = tf.Tensor2D;
type Inputs = [x: Matrix, h: Matrix, c: Matrix, kernel: Matrix, bias: tf.Tensor1D];
/** What the forward kernel leaves: gates after their activation, cell state, tanh of it, output. */
type Trace = [
  inputGate: Matrix,
  cell: Matrix,
  forgetGate: Matrix,
  outputGate: Matrix,
  candidate: Matrix,
  tanhCell: Matrix,
  hidden: Matrix,
];

const gradientAttributes: readonly Attribute[] = [
  { name: "use_peephole", type: "bool", value: false },
  floatType,
];
const forwardAttributes: readonly Attribute[] = [
  { name: "forget_bias", type: "float", value: 0 },
  { name: "cell_clip", type: "float", value: -1 },
  ...gradientAttributes,
];

/** One step on the native engine, in one kernel; backwards in one kernel and two products. */
export function nativeStep(inputs: Inputs): { h: Matrix; c: Matrix } {
  const [x, h, c, kernel, bias] = inputs;
  const packed = customGradient<tf.Tensor3D>(
    inputs,
    () => {
      const peephole = tf.zeros([h.shape[1]]);
      const trace = nativeKernels(
        "LSTMBlockCell",
        forwardAttributes,
        [x, c, h, kernel, peephole, peephole, peephole, bias],
        7,
      ) as Trace;
      const [, cell, , , , , hidden] = trace;
      const value = tf.stack([hidden, cell]) as tf.Tensor3D;
      return { value, saved: [...inputs, ...trace] };
    },
    (dy, saved) => gradient(dy, saved as [...Inputs, ...Trace]),
  );
  const [nextH, nextC] = tf.unstack(packed) as [Matrix, Matrix];
  return { h: nextH, c: nextC };
}

function gradient(dy: tf.Tensor3D, saved: [...Inputs, ...Trace]): tf.Tensor[] {
  const [x, h, c, kernel, bias, ...trace] = saved;
  const [dh, dc] = tf.unstack(dy) as [Matrix, Matrix];
  const peephole = tf.zeros([h.shape[1]]);
  const [dcBefore, dGates] = nativeKernels(
    "LSTMBlockCellGrad",
    gradientAttributes,
    [x, c, h, kernel, peephole, peephole, peephole, bias, ...trace.slice(0, 6), dc, dh],
    5,
  ) as [Matrix, Matrix];
  // Not `dGates kernel^T`: transposing the larger side takes several times as long.
  const dJoined = tf.transpose(tf.matMul(kernel, dGates, false, true)); // [batch, inputSize + units]
  const [dx, dhBefore] = tf.split(dJoined, [x.shape[1], h.shape[1]], 1) as [Matrix, Matrix];
  const dKernel = tf.matMul(tf.concat([x, h], 1), dGates, true, false);
  return [dx, dhBefore, dcBefore, dKernel, tf.sum(dGates, 0)];
}
