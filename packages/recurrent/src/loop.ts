import { tf } from "@attend/runtime";
import type { CellState, Step, Unrolled } from "./cell.ts";
import { zipStates } from "./state.ts";

/** Runs a step over a sequence `[batch, steps, features]`: see `Running.sequence`. */
export function loop<State extends CellState>(
  step: (input: tf.Tensor2D, state: State) => Step<State>,
  input: tf.Tensor3D,
  initial: State,
  lengths?: readonly number[],
): Unrolled<State> {
  let state = initial;
  // TensorFlow.js cannot differentiate an unstack of one.
  const inputs = input.shape[1] === 1 ? [tf.squeeze(input, [1])] : tf.unstack(input, 1);
  const outputs = (inputs as tf.Tensor2D[]).map((x, t) => {
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
    state = zipStates(next.state, before, (now, old) => tf.where(active, now, old));
    return tf.where(active, next.output, tf.zerosLike(next.output));
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
}
