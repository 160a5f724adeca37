import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { isNative } from "../kernels.ts";
import { tf } from "../tf.ts";
import { fusedLstm } from "./lstm-fused.ts";
import { transposedLstm } from "./lstm-loop.ts";
import { nativeLstmStep } from "./lstm-step.ts";
import { type PlainCell, stepLoop } from "./step-loop.ts";

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
  /**
   * `[3, units]`: how the input and the forget gate see the cell state before the step, and the output
   * gate the one after it (Gers & Schmidhuber 2000). Without it no gate sees the cell state.
   */
  readonly peephole?: tf.Tensor2D | undefined;
}

export interface SequenceOptions {
  /**
   * `[batch]` int32, 0 to `steps`: how many steps of each sequence count. Behind them its state stays,
   * its output is 0, and no gradient flows. Default: all.
   */
  readonly lengths?: tf.Tensor1D | undefined;
}

/**
 * Runs an LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over a whole
 * sequence, with a gradient of its own; differentiable in every tensor argument but the lengths. With
 * the fused kernels the whole loop is one operation each way.
 *
 * @param input `[batch, steps, inputSize]`
 * @returns `output` `[batch, steps, units]` and the state after each sequence's last step.
 */
export function lstmSequence(
  input: tf.Tensor3D,
  initial: LstmState,
  weights: LstmWeights,
  { lengths }: SequenceOptions = {},
): { output: tf.Tensor3D; state: LstmState } {
  if (input.shape[1] === 1 && lengths === undefined) {
    const state = lstmStep(tf.squeeze<tf.Tensor2D>(input, [1]), initial, weights);
    return { output: tf.expandDims(state.h, 1), state };
  }
  if (hasFusedKernels()) return fusedLstm(input, initial, weights, lengths);
  if (lengths === undefined && weights.peephole === undefined) {
    return transposedLstm(input, initial, weights);
  }
  return stepLoop(plainLstm(weights), input, initial, lengths);
}

/** One step of {@link lstmSequence}; `input` is `[batch, inputSize]`. */
export function lstmStep(input: tf.Tensor2D, state: LstmState, weights: LstmWeights): LstmState {
  return isNative() ? nativeLstmStep(input, state, weights) : plainLstm(weights).step(input, state);
}

/** Of plain operations, for every engine. */
export function plainLstm({ kernel, bias, peephole }: LstmWeights): PlainCell<LstmState> {
  return {
    step: (input, { h, c }) => {
      const gates: tf.Tensor2D = tf.add(tf.matMul(tf.concat([input, h], 1), kernel), bias);
      const units = h.shape[1];
      const gate = (index: number): tf.Tensor2D => tf.slice(gates, [0, index * units], [-1, units]);
      const seeing = (sums: tf.Tensor2D, index: number, cell: tf.Tensor2D): tf.Tensor2D =>
        peephole ? tf.add(sums, tf.mul(tf.slice2d(peephole, [index, 0], [1, units]), cell)) : sums;
      const kept: tf.Tensor2D = tf.mul(tf.sigmoid(seeing(gate(2), 1, c)), c);
      const written = tf.mul(tf.sigmoid(seeing(gate(0), 0, c)), tf.tanh(gate(1)));
      const nextC: tf.Tensor2D = tf.add(kept, written);
      return { h: tf.mul(tf.sigmoid(seeing(gate(3), 2, nextC)), tf.tanh(nextC)), c: nextC };
    },
    zip: (a, b, choose) => ({ h: choose(a.h, b.h), c: choose(a.c, b.c) }),
  };
}
