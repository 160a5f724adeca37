import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { tf } from "../tf.ts";
import { fusedSequence } from "./fused.ts";
import { inputSums, kernelTensors, type RecurrentKernel, statePart } from "./products.ts";
import { type PlainCell, type SequenceOptions, stepLoop } from "./step-loop.ts";

/** The order of the gates in a GRU's `kernel` and `bias`, same as PyTorch. */
export const GRU_GATES = ["reset", "update", "candidate"] as const;

/** Weights of {@link gruSequence}. */
export interface GruWeights {
  /** `[inputSize + units, 3 * units]`, with gates as in {@link GRU_GATES}, or its two parts. */
  readonly kernel: RecurrentKernel;
  /** `[3 * units]` */
  readonly bias: tf.Tensor1D;
  /**
   * b_hn, `[units]`: with it, the reset gate is applied after the product with the state, as in
   * cuDNN and PyTorch; without it, before the product, as in the paper.
   */
  readonly candidateBias?: tf.Tensor1D | undefined;
}

/**
 * Runs a gated recurrent unit (Cho et al. 2014, equations 5 to 8) over a sequence; differentiable
 * with respect to every tensor argument except the lengths:
 *
 *     r = sigmoid(x W_xr + h W_hr + b_r)    z = sigmoid(x W_xz + h W_hz + b_z)
 *     n = tanh(x W_xn + b_n + r (h W_hn + b_hn))     with b_hn: one operation if fused kernels are available
 *     n = tanh(x W_xn + b_n + (r h) W_hn)            without b_hn
 *     h_t = (1 - z) n + z h
 *
 * @param input `[batch, steps, inputSize]`
 * @param h `[batch, units]`
 * @returns `output` `[batch, steps, units]` and h after each sequence's last step
 */
export function gruSequence(
  input: tf.Tensor3D,
  h: tf.Tensor2D,
  weights: GruWeights,
  { lengths }: SequenceOptions = {},
): { output: tf.Tensor3D; h: tf.Tensor2D } {
  const { kernel, bias, candidateBias } = weights;
  if (hasFusedKernels() && candidateBias !== undefined) {
    const inputs = { input, h, kernel, bias, lengths };
    const [output, last] = fusedSequence(fusedGru(candidateBias), inputs);
    return { output, h: last };
  }
  return plainGru(input, h, weights, { lengths });
}

function fusedGru(candidateBias: tf.Tensor1D) {
  return {
    operation: "AttendGru",
    extraInputs: [candidateBias],
    extraStates: 0,
    savedOutputs: 1, // The gates and h W_hn + b_hn of each step.
    extraGradients: 1,
    gradients: (rest: tf.Tensor2D, [ofProduct]: tf.Tensor[]) => ({
      extraInputs: [tf.reshape(tf.slice(rest, 3, 1), candidateBias.shape)],
      ofProduct: ofProduct as tf.Tensor3D,
    }),
  };
}

/** {@link gruSequence} composed of TensorFlow operations, for any engine. */
export function plainGru(
  input: tf.Tensor3D,
  first: tf.Tensor2D,
  { kernel, bias, candidateBias }: GruWeights,
  { lengths }: SequenceOptions = {},
): { output: tf.Tensor3D; h: tf.Tensor2D } {
  const units = first.shape[1];
  const split = (sums: tf.Tensor) =>
    tf.split(sums, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
  const sums: tf.Tensor3D = tf.add(inputSums(input, kernelTensors(kernel)), bias);
  const [ofGates, ofCandidate] = split(statePart(kernel, units));
  const cell: PlainCell<{ readonly h: tf.Tensor2D }> = {
    step: (stepSums, { h }) => {
      const [gateSums, candidateSum] = split(stepSums);
      const gates = tf.sigmoid(tf.add(gateSums, tf.matMul(h, ofGates)));
      const [r, z] = tf.split(gates, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      const recalled = candidateBias
        ? tf.mul(r, tf.add(tf.matMul(h, ofCandidate), candidateBias))
        : tf.matMul(tf.mul(r, h), ofCandidate);
      const candidate: tf.Tensor2D = tf.tanh(tf.add(candidateSum, recalled));
      return { h: tf.add(candidate, tf.mul(z, tf.sub(h, candidate))) };
    },
    zip: (a, b, choose) => ({ h: choose(a.h, b.h) }),
  };
  const { output, state } = stepLoop(cell, sums, { h: first }, lengths);
  return { output, h: state.h };
}
