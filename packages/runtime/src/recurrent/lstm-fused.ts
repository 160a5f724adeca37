import { customGradients } from "../custom-gradient.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import type { LstmState, LstmWeights } from "./lstm.ts";

type Matrix = tf.Tensor2D;
type Sequence = tf.Tensor3D;
/** Of a sequence: its hidden states, the last h and c. */
type Values = [output: Sequence, h: Matrix, c: Matrix];
type Inputs = [
  input: Sequence, // [batch, steps, inputSize]
  h: Matrix, // [batch, units]
  c: Matrix,
  kernel: Matrix, // [inputSize + units, 4 * units]
  bias: tf.Tensor1D,
  ...peephole: Matrix[], // [3, units], or none
];
type Saved = [
  output: Sequence,
  cells: Sequence,
  gates: Sequence, // [batch, steps, 4 * units]
  lengths: tf.Tensor1D,
  ...Inputs,
];

/**
 * The loop over the steps in one kernel (`native/lstm.h`), each way. The products that do not depend
 * on the step before are one each for the whole sequence.
 */
export function fusedLstm(
  input: Sequence,
  { h, c }: LstmState,
  { kernel, bias, peephole }: LstmWeights,
  lengths?: tf.Tensor1D,
): { output: Sequence; state: LstmState } {
  const [batch, steps, inputSize] = input.shape;
  const inputs: Inputs = [input, h, c, kernel, bias, ...(peephole ? [peephole] : [])];
  const [output, hLast, cLast] = customGradients<Values>(
    inputs,
    () => {
      const rows = tf.reshape(input, [batch * steps, inputSize]) as Matrix;
      const sums = tf.reshape(tf.matMul(rows, inputPart(kernel, inputSize)), [batch, steps, -1]);
      const ends = lengths ?? tf.tensor1d([], "int32");
      const [output, hLast, cLast, cells, gates] = nativeKernels(
        "AttendLstm",
        [],
        [sums, kernel, bias, peephole ?? tf.tensor1d([]), h, c, ends],
        5,
      ) as [...Values, Sequence, Sequence];
      const saved: Saved = [output, cells, gates, ends, ...inputs];
      return { values: [output, hLast, cLast], saved };
    },
    (dys, saved) => gradient(dys, saved as Saved),
  );
  return { output, state: { h: hLast, c: cLast } };
}

function gradient(dys: Values, saved: Saved): tf.Tensor[] {
  const [output, cells, gates, lengths, input, h, c, kernel, bias, peephole] = saved;
  const [batch, steps, inputSize] = input.shape;
  const units = h.shape[1];
  const [dGates, dh, dc, partial] = nativeKernels(
    "AttendLstmGrad",
    [],
    [gates, cells, kernel, peephole ?? tf.tensor1d([]), c, lengths, ...dys],
    4,
  ) as [Sequence, Matrix, Matrix, Sequence];
  const dSums = tf.reshape(dGates, [batch * steps, 4 * units]) as Matrix;
  const before = tf.slice(output, [0, 0, 0], [-1, steps - 1, -1]);
  const hidden = tf.concat([tf.expandDims(h, 1), before], 1);
  const seen = tf.reshape(tf.concat([input, hidden], 2), [batch * steps, inputSize + units]);
  const dInput = tf.matMul(dSums, inputPart(kernel, inputSize), false, true);
  const dWeights = tf.sum(partial, 0); // [7, units]
  return [
    tf.reshape(dInput, input.shape),
    dh,
    dc,
    tf.matMul(seen, dSums, true, false),
    tf.reshape(tf.slice(dWeights, 0, 4), bias.shape),
    ...(peephole ? [tf.slice(dWeights, 4, 3)] : []),
  ];
}

function inputPart(kernel: Matrix, inputSize: number): Matrix {
  return tf.slice(kernel, 0, inputSize);
}
