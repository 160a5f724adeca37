import { isNative } from "./kernels.ts";
import { transposedSequence } from "./lstm-sequence.ts";
import { nativeStep } from "./lstm-step.ts";
import { tf } from "./tf.ts";

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
}

/**
 * Runs an LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over a whole
 * sequence, with a gradient of its own: two products a step, one forwards and one backwards, all others
 * in one piece for the whole sequence. Differentiable in every tensor argument.
 *
 * @param input `[batch, steps, inputSize]`
 * @returns `output` `[batch, steps, units]` and the state after the last step.
 */
export function lstmSequence(
  input: tf.Tensor3D,
  initial: LstmState,
  weights: LstmWeights,
): { output: tf.Tensor3D; state: LstmState } {
  const steps = input.shape[1];
  if (steps === 1) {
    const state = lstmStep(tf.squeeze<tf.Tensor2D>(input, [1]), initial, weights);
    return { output: tf.expandDims(state.h, 1), state };
  }
  const [batch, , inputSize] = input.shape;
  const { h, c } = initial;
  const { kernel, bias } = weights;
  const units = h.shape[1];
  const x: tf.Tensor2D = tf.reshape(tf.transpose(input, [2, 1, 0]), [inputSize, steps * batch]);
  const states = tf.reshape<tf.Rank.R3>(
    transposedSequence([x, tf.transpose(h), tf.transpose(c), kernel, bias], steps),
    [units, steps + 1, batch],
  );
  const last = (step: number): tf.Tensor2D =>
    tf.transpose(tf.squeeze(tf.slice(states, [0, step, 0], [-1, 1, -1]), [1]));
  return {
    output: tf.transpose(tf.slice(states, [0, 0, 0], [-1, steps, -1]), [2, 1, 0]),
    state: { h: last(steps - 1), c: last(steps) },
  };
}

/** One step of {@link lstmSequence}; `input` is `[batch, inputSize]`. */
export function lstmStep(input: tf.Tensor2D, state: LstmState, weights: LstmWeights): LstmState {
  return isNative()
    ? nativeStep([input, state.h, state.c, weights.kernel, weights.bias])
    : plainStep(input, state, weights);
}

function plainStep(input: tf.Tensor2D, { h, c }: LstmState, weights: LstmWeights): LstmState {
  const gates = tf.add(tf.matMul(tf.concat([input, h], 1), weights.kernel), weights.bias);
  const units = h.shape[1];
  const gate = (index: number) => tf.slice(gates, [0, index * units], [-1, units]) as tf.Tensor2D;
  const [i, candidate, f, o] = [gate(0), gate(1), gate(2), gate(3)];
  const kept: tf.Tensor2D = tf.mul(tf.sigmoid(f), c);
  const nextC: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(candidate)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(nextC)), c: nextC };
}
