import { isNative } from "./kernels.ts";
import { nativeSequence, nativeStep, type Steps } from "./lstm-native.ts";
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
 * sequence. The native engine does the forward pass in one fused kernel; backwards it takes one fused
 * kernel and one product a step, and the weights' gradients in two large products at the end.
 * Elsewhere it is the plain loop. Differentiable in every tensor argument.
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
  const x: tf.Tensor3D = tf.transpose(input, [1, 0, 2]);
  const { h, c } = initial;
  const packed = isNative()
    ? nativeSequence([x, h, c, weights.kernel, weights.bias])
    : plainSequence(x, initial, weights);
  const row = (index: number): tf.Tensor2D => tf.squeeze(tf.slice(packed, index, 1), [0]);
  return {
    output: tf.transpose(tf.slice(packed, 0, steps), [1, 0, 2]),
    state: { h: row(steps - 1), c: row(steps) },
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

function plainSequence(x: tf.Tensor3D, initial: LstmState, weights: LstmWeights): Steps {
  let state = initial;
  const outputs: tf.Tensor2D[] = [];
  for (const input of tf.unstack(x)) {
    state = plainStep(input as tf.Tensor2D, state, weights);
    outputs.push(state.h);
  }
  return tf.stack([...outputs, state.c]) as Steps;
}
