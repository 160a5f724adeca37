import { customGradient } from "./custom-gradient.ts";
import { type Attribute, floatType, int64Scalar, nativeKernels } from "./kernels.ts";
import { tf } from "./tf.ts";

/** `[steps, batch, units]` */
export type Steps = tf.Tensor3D;
type Inputs<X> = [x: X, h: tf.Tensor2D, c: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D];
/** What a forward kernel leaves: gates after their activation, cell state, tanh of it, output. */
type Trace<T> = [
  inputGate: T,
  cell: T,
  forgetGate: T,
  outputGate: T,
  candidate: T,
  tanhCell: T,
  hidden: T,
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

/** `[steps, batch, inputSize] -> [steps + 1, batch, units]`: every hidden state, then the last cell state. */
export function nativeSequence(inputs: Inputs<Steps>): Steps {
  const [x, h0, c0, kernel, bias] = inputs;
  const steps = x.shape[0];
  return customGradient<Steps>(
    inputs,
    () => {
      const peephole = tf.zeros([h0.shape[1]]);
      const trace = nativeKernels(
        "BlockLSTM",
        forwardAttributes,
        [int64Scalar(steps), x, c0, h0, kernel, peephole, peephole, peephole, bias],
        7,
      ) as Trace<Steps>;
      const [, cell, , , , , hidden] = trace;
      const value = tf.concat([hidden, tf.slice(cell, steps - 1, 1)], 0);
      return { value, saved: [...inputs, ...trace] };
    },
    (dy, saved) => sequenceGradient(dy, saved as [...Inputs<Steps>, ...Trace<Steps>]),
  );
}

/** One step: the next hidden state and cell state. */
export function nativeStep(inputs: Inputs<tf.Tensor2D>): { h: tf.Tensor2D; c: tf.Tensor2D } {
  const [x, h, c, kernel, bias] = inputs;
  const packed = customGradient<Steps>(
    inputs,
    () => {
      const peephole = tf.zeros([h.shape[1]]);
      const trace = nativeKernels(
        "LSTMBlockCell",
        forwardAttributes,
        [x, c, h, kernel, peephole, peephole, peephole, bias],
        7,
      ) as Trace<tf.Tensor2D>;
      const [, cell, , , , , hidden] = trace;
      return { value: tf.stack([hidden, cell]) as Steps, saved: [...inputs, ...trace] };
    },
    (dy, saved) => stepGradient(dy, saved as [...Inputs<tf.Tensor2D>, ...Trace<tf.Tensor2D>]),
  );
  const [nextH, nextC] = tf.unstack(packed) as [tf.Tensor2D, tf.Tensor2D];
  return { h: nextH, c: nextC };
}

function stepGradient(dy: Steps, saved: [...Inputs<tf.Tensor2D>, ...Trace<tf.Tensor2D>]) {
  const [x, h, c, kernel, bias, ...trace] = saved;
  const [dhNext, dcNext] = tf.unstack(dy) as [tf.Tensor2D, tf.Tensor2D];
  const [dc, dGates] = cellGradient([x, h, kernel, bias])(c, trace, dhNext, dcNext);
  // Transposes the smaller side and then the small product: see `sequenceGradient`.
  const dJoined = tf.transpose(tf.matMul(kernel, dGates, false, true)); // [batch, inputSize + units]
  const [dx, dh] = tf.split(dJoined, [x.shape[1], h.shape[1]], 1);
  const dKernel = tf.matMul(tf.concat([x, h], 1), dGates, true, false);
  return [dx, dh, dc, dKernel, tf.sum(dGates, 0)] as tf.Tensor[];
}

function sequenceGradient(dy: Steps, saved: [...Inputs<Steps>, ...Trace<Steps>]) {
  const [x, h0, c0, kernel, bias, ...trace] = saved;
  const [steps, batch, inputSize] = x.shape;
  const units = h0.shape[1];
  const hidden = trace[6];
  const inputKernel = tf.slice(kernel, 0, inputSize);
  // Transposed once: a product of few rows with a transposed right side takes 2 to 10 times as long.
  const recurrentTransposed: tf.Tensor2D = tf.transpose(tf.slice(kernel, inputSize, units));
  const unstacked = trace.map((each) => tf.unstack(each) as tf.Tensor2D[]);
  const [, cells] = unstacked;
  const dys = tf.unstack(dy) as tf.Tensor2D[];
  const firstInput: tf.Tensor2D = tf.squeeze(tf.slice(x, 0, 1), [0]);
  const dCell = cellGradient([firstInput, h0, kernel, bias]);

  const dGates = new Array<tf.Tensor2D>(steps); // each [batch, 4 * units]
  let dc = at(dys, steps);
  let dh = at(dys, steps - 1);
  for (let t = steps - 1; t >= 0; t--) {
    const cPrevious = t > 0 ? at(cells, t - 1) : c0;
    const traceOfStep = unstacked.map((each) => at(each, t));
    const [dcPrevious, dGate] = dCell(cPrevious, traceOfStep, dh, dc);
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

/**
 * The gradient of one step by its former cell state and by its gates before their activation. Of
 * `constants` (input, hidden state, kernel, bias) the kernel reads only the shapes.
 */
function cellGradient([x, h, kernel, bias]: [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]) {
  const peephole = tf.zeros([h.shape[1] ?? 0]);
  return (c: tf.Tensor2D, trace: tf.Tensor[], dh: tf.Tensor2D, dc: tf.Tensor2D) => {
    const inputs = [x, c, h, kernel, peephole, peephole, peephole, bias];
    const all = [...inputs, ...trace.slice(0, 6), dc, dh];
    return nativeKernels("LSTMBlockCellGrad", gradientAttributes, all, 5) as [
      dc: tf.Tensor2D,
      dGates: tf.Tensor2D,
    ];
  };
}

function at(list: tf.Tensor2D[] | undefined, index: number): tf.Tensor2D {
  const tensor = list?.[index];
  if (tensor === undefined) throw new RangeError(`no step ${index}`);
  return tensor;
}
