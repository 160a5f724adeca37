import { customGradient } from "../custom-gradient.ts";
import { tf } from "../tf.ts";
import type { LstmState, LstmWeights } from "./lstm-step.ts";

/*
 * Everything here is transposed, `[units, batch]`: with few rows, a product with the weights on the
 * left takes a third to half of the time of the usual order. Steps are side by side, `[units, steps
 * * batch]`, so that splitting and joining them is one operation.
 */
type Matrix = tf.Tensor2D;
type Inputs = [
  input: Matrix, // [inputSize, steps * batch]
  h: Matrix, // [units, batch]
  c: Matrix,
  kernel: Matrix, // [inputSize + units, 4 * units]
  bias: tf.Tensor1D,
];
/** What the backward pass needs from each step. */
interface Step {
  /** Input, (unused), forget and output gates after the sigmoid, `[4 * units, batch]`. */
  readonly gates: Matrix;
  /** After the tanh, `[units, batch]`. */
  readonly candidate: Matrix;
  readonly c: Matrix;
  readonly tanhC: Matrix;
  readonly h: Matrix;
}

/**
 * An LSTM without lengths and peepholes, for when there is no fused kernel: two products per step.
 */
export function transposedLstm(
  input: tf.Tensor3D,
  { h, c }: LstmState,
  { kernel, bias }: LstmWeights,
): { output: tf.Tensor3D; state: LstmState } {
  const [batch, steps, inputSize] = input.shape;
  const x: Matrix = tf.reshape(tf.transpose(input, [2, 1, 0]), [inputSize, steps * batch]);
  const states = tf.reshape<tf.Rank.R3>(
    transposedSequence([x, tf.transpose(h), tf.transpose(c), kernel, bias], steps),
    [h.shape[1], steps + 1, batch],
  );
  const last = (step: number): Matrix =>
    tf.transpose(tf.squeeze(tf.slice(states, [0, step, 0], [-1, 1, -1]), [1]));
  return {
    output: tf.transpose(tf.slice(states, [0, 0, 0], [-1, steps, -1]), [2, 1, 0]),
    state: { h: last(steps - 1), c: last(steps) },
  };
}

/**
 * `[inputSize, steps * batch] -> [units, (steps + 1) * batch]`: all hidden states, then the last
 * cell state. Everything that does not depend on the previous step is computed outside the loops:
 * the input's product at once, and in the backward pass the gradients of the weights and all
 * factors that the forward pass determines.
 */
function transposedSequence(inputs: Inputs, steps: number): Matrix {
  const [input, h0, c0, kernel, bias] = inputs;
  return customGradient<Matrix>(
    inputs,
    () => {
      const trace = run(inputs, steps);
      const value = join([...trace.map((step) => step.h), at(trace, steps - 1).c]);
      const kept = trace.flatMap((step) => [
        step.gates,
        step.candidate,
        step.c,
        step.tanhC,
        step.h,
      ]);
      return { value, saved: [input, h0, c0, kernel, bias, ...kept] };
    },
    (dy, saved) => gradient(dy, saved as Matrix[], steps),
  );
}

function run([input, h0, c0, kernel, bias]: Inputs, steps: number): Step[] {
  const inputSize = input.shape[0];
  const units = h0.shape[0];
  const weights = tf.transpose(kernel) as Matrix; // [4 * units, inputSize + units]
  const [ofInput, ofHidden] = tf.split(weights, [inputSize, units], 1) as [Matrix, Matrix];
  const offset: Matrix = tf.expandDims(bias, 1);
  const fromInput = cut(tf.add(tf.matMul(ofInput, input), offset), steps); // each [4 * units, batch]
  const trace: Step[] = [];
  let [h, c] = [h0, c0];
  for (const stepSums of fromInput) {
    const sums: Matrix = tf.add(stepSums, tf.matMul(ofHidden, h));
    const gates: Matrix = tf.sigmoid(sums);
    const [i, , f, o] = quarters(gates);
    const candidate: Matrix = tf.tanh(tf.slice(sums, [units, 0], [units, -1]));
    c = tf.add(tf.mul(f, c), tf.mul(i, candidate));
    const tanhC: Matrix = tf.tanh(c);
    h = tf.mul(o, tanhC);
    trace.push({ gates, candidate, c, tanhC, h });
  }
  return trace;
}

function gradient(dy: Matrix, saved: Matrix[], steps: number): tf.Tensor[] {
  const [input, h0, c0, kernel, , ...kept] = saved as [...Inputs, ...Matrix[]];
  const ofEachStep = (which: number) => kept.filter((_, index) => index % 5 === which);
  const [gates, candidates, cells, tanhs, hidden] = [0, 1, 2, 3, 4].map(ofEachStep) as [
    Matrix[],
    Matrix[],
    Matrix[],
    Matrix[],
    Matrix[],
  ];
  const [i, , f, o] = quarters(join(gates));
  const [candidate, tanhC] = [join(candidates), join(tanhs)];
  const before = (first: Matrix, states: Matrix[]) => join([first, ...states.slice(0, -1)]);
  const [inputKernel, recurrentKernel] = tf.split(kernel, [input.shape[0], h0.shape[0]], 0) as [
    Matrix,
    Matrix,
  ];

  // The gates' gradients are these factors times dc, dc, dc and dh; dc receives dh times `toCell`.
  const factors = cut(
    tf.concat2d(
      [
        sigmoidGradient(i, candidate),
        tanhGradient(candidate, i),
        sigmoidGradient(f, before(c0, cells)),
        sigmoidGradient(o, tanhC),
      ],
      0,
    ),
    steps,
  );
  const toCell = cut(tanhGradient(tanhC, o), steps);
  const forget = cut(f, steps);
  const dys = cut(dy, steps + 1);

  const dSums = new Array<Matrix>(steps); // each [4 * units, batch]
  let dc = at(dys, steps);
  let dh = at(dys, steps - 1);
  for (let t = steps - 1; t >= 0; t--) {
    dc = tf.add(dc, tf.mul(dh, at(toCell, t)));
    const dSum: Matrix = tf.mul(tf.concat2d([dc, dc, dc, dh], 0), at(factors, t));
    dSums[t] = dSum;
    dc = tf.mul(dc, at(forget, t));
    dh = tf.matMul(recurrentKernel, dSum);
    if (t > 0) dh = tf.add(dh, at(dys, t - 1));
  }

  const dSum = join(dSums); // [4 * units, steps * batch]
  const seen = tf.concat2d([input, before(h0, hidden)], 0); // [inputSize + units, steps * batch]
  const dKernel = tf.transpose(tf.matMul(dSum, seen, false, true));
  return [tf.matMul(inputKernel, dSum), dh, dc, dKernel, tf.sum(dSum, 1)];
}

function sigmoidGradient(y: Matrix, dy: Matrix): Matrix {
  return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
}

function tanhGradient(y: Matrix, dy: Matrix): Matrix {
  return tf.mul(dy, tf.sub(1, tf.square(y)));
}

function quarters(matrix: Matrix): [Matrix, Matrix, Matrix, Matrix] {
  return tf.split(matrix, 4, 0) as [Matrix, Matrix, Matrix, Matrix];
}

function join(steps: Matrix[]): Matrix {
  return tf.concat2d(steps, 1);
}

function cut(matrix: Matrix, steps: number): Matrix[] {
  return tf.split(matrix, steps, 1);
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no step ${index}`);
  return item;
}
