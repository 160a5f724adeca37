import { customGradients } from "../custom-gradient.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { inputSums, kernelTensors, productGradients, type RecurrentKernel } from "./products.ts";

/** What every cell has. */
export interface FusedInputs {
  /** `[batch, steps, inputSize]` */
  readonly input: tf.Tensor3D;
  /** `[batch, units]` */
  readonly h: tf.Tensor2D;
  readonly kernel: RecurrentKernel;
  /** `[gates * units]` */
  readonly bias: tf.Tensor1D;
  /** `[batch]` int32 */
  readonly lengths: tf.Tensor1D | undefined;
}

/** A cell whose loop over the steps is an operation of `native/`, and so is the way back. */
export interface FusedCell {
  /** Name of the operation; that of the way back has `Grad` behind it. */
  readonly operation: string;
  /** The operation's further inputs; they get gradients, too. */
  readonly own: readonly tf.Tensor[];
  /** How many states it has beside h: outputs behind the hidden states and the last h. */
  readonly otherStates: number;
  /** How many outputs behind those the way back reads. */
  readonly kept: number;
  /** How many outputs the way back has behind the gradients of sums, h and of what adds up over steps. */
  readonly further: number;
  /**
   * @param rest `[rows, units]`: the bias' gradient, a row for each gate, then others of this cell
   * @returns the gradients of `own`, and that of the products with the state, where it is another than
   *   that of the sums
   */
  readonly gradients: (
    rest: tf.Tensor2D,
    further: tf.Tensor[],
  ) => { own: tf.Tensor[]; ofProduct?: tf.Tensor3D };
}

type Values = [hidden: tf.Tensor3D, h: tf.Tensor2D, ...otherStates: tf.Tensor2D[]];

/**
 * A sequence by a fused loop. The products that do not depend on the step before are TensorFlow's, one
 * each for the whole sequence.
 *
 * @returns the hidden states `[batch, steps, units]` and each state after each row's last step.
 */
export function fusedSequence(
  cell: FusedCell,
  { input, h, kernel, bias, lengths }: FusedInputs,
): Values {
  const kernels = kernelTensors(kernel);
  const inputs = [input, h, bias, ...cell.own, ...kernels];
  const values = 2 + cell.otherStates;
  return customGradients<Values>(
    inputs,
    () => {
      const ends = lengths ?? tf.tensor1d([], "int32");
      const outputs = nativeKernels(
        cell.operation,
        [],
        [inputSums(input, kernels), lastOf(kernels), bias, h, ends, ...cell.own],
        values + cell.kept,
      );
      const saved = [...outputs.slice(0, 1), ends, ...outputs.slice(values), ...inputs];
      return { values: outputs.slice(0, values) as Values, saved };
    },
    (dys, saved) => gradient(cell, dys, saved as [tf.Tensor3D, tf.Tensor1D, ...tf.Tensor[]]),
  );
}

function gradient(
  cell: FusedCell,
  dys: Values,
  [hidden, ends, ...others]: [tf.Tensor3D, tf.Tensor1D, ...tf.Tensor[]],
): tf.Tensor[] {
  const kept = others.slice(0, cell.kept);
  const [input, h, bias, ...rest] = others.slice(cell.kept) as [
    tf.Tensor3D,
    tf.Tensor2D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  const own = rest.slice(0, cell.own.length);
  const kernels = rest.slice(cell.own.length) as tf.Tensor2D[];
  const [dSums, dh, dRest, ...further] = nativeKernels(
    `${cell.operation}Grad`,
    [],
    [lastOf(kernels), h, hidden, ends, ...dys, ...own, ...kept],
    3 + cell.further,
  ) as [tf.Tensor3D, tf.Tensor2D, tf.Tensor3D, ...tf.Tensor[]];
  const summed: tf.Tensor2D = tf.sum(dRest, 0);
  const gates = bias.size / h.shape[1];
  const dBias = tf.reshape(tf.slice(summed, 0, gates), bias.shape);
  const { own: dOwn, ofProduct } = cell.gradients(summed, further);
  const seen = { input, h, hidden };
  const { dInput, dKernels } = productGradients(seen, kernels, dSums, ofProduct);
  return [dInput, dh, dBias, ...dOwn, ...dKernels];
}

function lastOf(kernels: readonly tf.Tensor2D[]): tf.Tensor2D {
  const last = kernels.at(-1);
  if (last === undefined) throw new RangeError("no kernel");
  return last;
}
