import { customGradients } from "../custom-gradient.ts";
import { nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { inputSums, kernelTensors, productGradients, type RecurrentKernel } from "./products.ts";

/** The inputs of every cell. */
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

/** A cell whose loop over time steps is an operation in `native/`, as is its backward pass. */
export interface FusedCell {
  /** The name of the operation; the backward pass has the suffix `Grad`. */
  readonly operation: string;
  /** Additional inputs of the operation; they are differentiated as well. */
  readonly extraInputs: readonly tf.Tensor[];
  /** The number of states besides h: outputs after the hidden states and the last h. */
  readonly extraStates: number;
  /** The number of outputs after those that the backward pass reads. */
  readonly savedOutputs: number;
  /**
   * The number of outputs of the backward pass after the gradients of sums, h and the values summed
   * over steps.
   */
  readonly extraGradients: number;
  /**
   * @param rest `[rows, units]`: the gradient of the bias, one row per gate, then others of this
   * cell
   * @returns the gradients of `extraInputs`, and that of the products with the state if it differs
   * from that of the sums
   */
  readonly gradients: (
    rest: tf.Tensor2D,
    extraGradients: tf.Tensor[],
  ) => { extraInputs: tf.Tensor[]; ofProduct?: tf.Tensor3D };
}

type Values = [hidden: tf.Tensor3D, h: tf.Tensor2D, ...extraStates: tf.Tensor2D[]];

/**
 * Runs a sequence with a fused loop. The products that do not depend on the previous step use
 * TensorFlow, with one product for the entire sequence.
 *
 * @returns the hidden states `[batch, steps, units]` and each state after each row's last step
 */
export function fusedSequence(
  cell: FusedCell,
  { input, h, kernel, bias, lengths }: FusedInputs,
): Values {
  const kernels = kernelTensors(kernel);
  const inputs = [input, h, bias, ...cell.extraInputs, ...kernels];
  const values = 2 + cell.extraStates;
  return customGradients<Values>(
    inputs,
    () => {
      const ends = lengths ?? tf.tensor1d([], "int32");
      const outputs = nativeKernels(
        cell.operation,
        [],
        [inputSums(input, kernels), lastOf(kernels), bias, h, ends, ...cell.extraInputs],
        values + cell.savedOutputs,
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
  const saved = others.slice(0, cell.savedOutputs);
  const [input, h, bias, ...rest] = others.slice(cell.savedOutputs) as [
    tf.Tensor3D,
    tf.Tensor2D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  const extraInputs = rest.slice(0, cell.extraInputs.length);
  const kernels = rest.slice(cell.extraInputs.length) as tf.Tensor2D[];
  const [dSums, dh, dRest, ...extraGradients] = nativeKernels(
    `${cell.operation}Grad`,
    [],
    [lastOf(kernels), h, hidden, ends, ...dys, ...extraInputs, ...saved],
    3 + cell.extraGradients,
  ) as [tf.Tensor3D, tf.Tensor2D, tf.Tensor3D, ...tf.Tensor[]];
  const summed: tf.Tensor2D = tf.sum(dRest, 0);
  const gates = bias.size / h.shape[1];
  const dBias = tf.reshape(tf.slice(summed, 0, gates), bias.shape);
  const { extraInputs: dExtra, ofProduct } = cell.gradients(summed, extraGradients);
  const operands = { input, h, hidden };
  const { dInput, dKernels } = productGradients(operands, kernels, dSums, ofProduct);
  return [dInput, dh, dBias, ...dExtra, ...dKernels];
}

function lastOf(kernels: readonly tf.Tensor2D[]): tf.Tensor2D {
  const last = kernels.at(-1);
  if (last === undefined) throw new RangeError("no kernel");
  return last;
}
