import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { hasInferenceKernels } from "../inference/available.ts";
import { isNative } from "../kernels.ts";
import { tf } from "../tf.ts";
import { fusedSequence } from "./fused.ts";
import { transposedLstm } from "./lstm-loop.ts";
import {
  inferenceLstmStep,
  type LstmState,
  type LstmWeights,
  nativeLstmStep,
} from "./lstm-step.ts";
import { inputSums, joined, kernelTensors, type RecurrentKernel, statePart } from "./products.ts";
import { type PlainCell, type SequenceOptions, stepLoop } from "./step-loop.ts";

/** Like {@link LstmWeights}, but the kernel may be in two parts. */
export type LstmSequenceWeights = Omit<LstmWeights, "kernel"> & {
  readonly kernel: RecurrentKernel;
};

/**
 * Runs an LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over a
 * sequence; differentiable with respect to every tensor argument except the lengths. With the fused
 * kernels, the forward and backward loops are one operation each.
 *
 * @param input `[batch, steps, inputSize]`
 * @returns `output` `[batch, steps, units]` and the state after each sequence's last step
 */
export function lstmSequence(
  input: tf.Tensor3D,
  initial: LstmState,
  weights: LstmSequenceWeights,
  { lengths }: SequenceOptions = {},
): { output: tf.Tensor3D; state: LstmState } {
  const { kernel, bias, peephole } = weights;
  if (hasFusedKernels() && (input.shape[1] > 1 || lengths !== undefined)) {
    const { h, c } = initial;
    const inputs = { input, h, kernel, bias, lengths };
    const [output, lastH, lastC] = fusedSequence(fusedLstm(c, peephole), inputs);
    return { output, state: { h: lastH, c: lastC as tf.Tensor2D } };
  }
  if (lengths !== undefined || (peephole !== undefined && input.shape[1] > 1)) {
    return plainLstm(input, initial, weights, { lengths });
  }
  const whole = { ...weights, kernel: joined(kernel) };
  if (input.shape[1] > 1) return transposedLstm(input, initial, whole);
  const state = lstmStep(tf.squeeze<tf.Tensor2D>(input, [1]), initial, whole);
  return { output: tf.expandDims(state.h, 1), state };
}

/** One step of {@link lstmSequence}; `input` is `[batch, inputSize]`. */
export function lstmStep(input: tf.Tensor2D, state: LstmState, weights: LstmWeights): LstmState {
  if (weights.peephole === undefined && input.shape[0] > 0 && hasInferenceKernels()) {
    return inferenceLstmStep(input, state, weights);
  }
  if (isNative()) return nativeLstmStep(input, state, weights);
  const sums: tf.Tensor2D = tf.matMul(tf.concat([input, state.h], 1), weights.kernel);
  return activated(tf.add(sums, weights.bias), state.c, weights.peephole);
}

function fusedLstm(c: tf.Tensor2D, peephole: tf.Tensor2D | undefined) {
  return {
    operation: "AttendLstm",
    extraInputs: [c, peephole ?? tf.tensor1d([])],
    extraStates: 1,
    savedOutputs: 2, // The cell states and gates of each step.
    extraGradients: 1,
    gradients: (rest: tf.Tensor2D, extraGradients: tf.Tensor[]) => ({
      extraInputs: [...extraGradients, peephole ? tf.slice(rest, 4, 3) : tf.tensor1d([])],
    }),
  };
}

/** {@link lstmSequence} composed of TensorFlow operations, for any engine. */
export function plainLstm(
  input: tf.Tensor3D,
  initial: LstmState,
  { kernel, bias, peephole }: LstmSequenceWeights,
  { lengths }: SequenceOptions = {},
): { output: tf.Tensor3D; state: LstmState } {
  const sums: tf.Tensor3D = tf.add(inputSums(input, kernelTensors(kernel)), bias);
  const ofState = statePart(kernel, initial.h.shape[1]);
  const cell: PlainCell<LstmState> = {
    step: (stepSums, { h, c }) => activated(tf.add(stepSums, tf.matMul(h, ofState)), c, peephole),
    zip: (a, b, choose) => ({ h: choose(a.h, b.h), c: choose(a.c, b.c) }),
  };
  return stepLoop(cell, sums, initial, lengths);
}

function activated(
  sums: tf.Tensor2D,
  c: tf.Tensor2D,
  peephole: tf.Tensor2D | undefined,
): LstmState {
  const units = c.shape[1];
  const gate = (index: number): tf.Tensor2D => tf.slice(sums, [0, index * units], [-1, units]);
  const withPeephole = (gateSums: tf.Tensor2D, index: number, cell: tf.Tensor2D): tf.Tensor2D =>
    peephole
      ? tf.add(gateSums, tf.mul(tf.slice2d(peephole, [index, 0], [1, units]), cell))
      : gateSums;
  const kept: tf.Tensor2D = tf.mul(tf.sigmoid(withPeephole(gate(2), 1, c)), c);
  const written = tf.mul(tf.sigmoid(withPeephole(gate(0), 0, c)), tf.tanh(gate(1)));
  const nextC: tf.Tensor2D = tf.add(kept, written);
  return { h: tf.mul(tf.sigmoid(withPeephole(gate(3), 2, nextC)), tf.tanh(nextC)), c: nextC };
}
