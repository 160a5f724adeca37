import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { tf } from "../tf.ts";
import { fusedSequence } from "./fused.ts";
import { inputSums, kernelTensors, type RecurrentKernel, statePart } from "./products.ts";
import { type PlainCell, type SequenceOptions, stepLoop } from "./step-loop.ts";

/** Weights of {@link vanillaSequence}. */
export interface VanillaWeights {
  /** `[inputSize + units, units]`, or its two parts. */
  readonly kernel: RecurrentKernel;
  /** `[units]` */
  readonly bias: tf.Tensor1D;
}

/** Options of {@link vanillaSequence}. */
export interface VanillaOptions extends SequenceOptions {
  /** Default: tanh. */
  readonly activation?: "tanh" | "relu" | undefined;
}

/**
 * Runs a vanilla recurrent network (Elman 1990; with ReLU Le, Jaitly & Hinton 2015) over a
 * sequence, `h_t = tanh(x_t W_x + h_{t-1} W_h + b)`; differentiable with respect to every tensor
 * argument except the lengths.
 *
 * @param input `[batch, steps, inputSize]`
 * @param h `[batch, units]`
 * @returns `output` `[batch, steps, units]` and h after each sequence's last step
 */
export function vanillaSequence(
  input: tf.Tensor3D,
  h: tf.Tensor2D,
  weights: VanillaWeights,
  { activation = "tanh", lengths }: VanillaOptions = {},
): { output: tf.Tensor3D; h: tf.Tensor2D } {
  if (hasFusedKernels()) {
    const operation = activation === "tanh" ? "AttendRnn" : "AttendReluRnn";
    const cell = { operation, extraInputs: [], extraStates: 0, savedOutputs: 0, extraGradients: 0 };
    const inputs = { ...weights, input, h, lengths };
    const [output, last] = fusedSequence(
      { ...cell, gradients: () => ({ extraInputs: [] }) },
      inputs,
    );
    return { output, h: last };
  }
  return plainVanilla(input, h, weights, { activation, lengths });
}

/** {@link vanillaSequence} composed of TensorFlow operations, for any engine. */
export function plainVanilla(
  input: tf.Tensor3D,
  first: tf.Tensor2D,
  { kernel, bias }: VanillaWeights,
  { activation = "tanh", lengths }: VanillaOptions = {},
): { output: tf.Tensor3D; h: tf.Tensor2D } {
  const sums: tf.Tensor3D = tf.add(inputSums(input, kernelTensors(kernel)), bias);
  const ofState = statePart(kernel, first.shape[1]);
  const cell: PlainCell<{ readonly h: tf.Tensor2D }> = {
    step: (stepSums, { h }) => {
      const sum: tf.Tensor2D = tf.add(stepSums, tf.matMul(h, ofState));
      return { h: activation === "tanh" ? tf.tanh(sum) : tf.relu(sum) };
    },
    zip: (a, b, choose) => ({ h: choose(a.h, b.h) }),
  };
  const { output, state } = stepLoop(cell, sums, { h: first }, lengths);
  return { output, h: state.h };
}
