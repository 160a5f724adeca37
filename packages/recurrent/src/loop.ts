import { tf } from "@attend/runtime";
import { type CellState, zipStates } from "./state.ts";

/** The result of one step. */
export interface Step<State> {
  /** `[batch, units]` */
  readonly output: tf.Tensor2D;
  readonly state: State;
}

/** The result of an entire sequence. */
export interface Unrolled<State> {
  /** `[batch, steps, units]`; zero past each sequence's length. */
  readonly output: tf.Tensor3D;
  /** The state after each sequence's last step. */
  readonly state: State;
}

/** Runs a step over a sequence `[batch, steps, features]`: see `Running.sequence`. */
export function loop<State extends CellState>(
  step: (input: tf.Tensor2D, state: State) => Step<State>,
  input: tf.Tensor3D,
  initial: State,
  lengths?: readonly number[],
): Unrolled<State> {
  let state = initial;
  const outputs = eachStep(input).map((x, t) => {
    const before = state;
    const next = step(x, before);
    if (lengths === undefined || lengths.every((length) => t < length)) {
      state = next.state;
      return next.output;
    }
    const active = tf.tensor2d(
      lengths.map((length) => t < length),
      [lengths.length, 1],
      "bool",
    );
    state = zipStates(next.state, before, (updated, old) => tf.where(active, updated, old));
    return tf.where(active, next.output, tf.zerosLike(next.output));
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
}

/** Splits `[rows, steps, size]` into its steps, `[rows, size]` each. */
export function eachStep(sequence: tf.Tensor3D): tf.Tensor2D[] {
  return tf.unstack(sequence, 1) as tf.Tensor2D[];
}
