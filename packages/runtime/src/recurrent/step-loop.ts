import { tf } from "../tf.ts";

/** How a cell runs where there is no fused kernel for it. */
export interface PlainCell<State> {
  readonly step: (input: tf.Tensor2D, state: State) => State;
  /** Puts `choose(next, before)` of each tensor into a state. */
  readonly zip: (
    next: State,
    before: State,
    choose: (next: tf.Tensor2D, before: tf.Tensor2D) => tf.Tensor2D,
  ) => State;
}

/**
 * Runs a cell over a sequence, step by step.
 *
 * @param input `[batch, steps, inputSize]`
 * @param lengths `[batch]` int32: from there on a sequence's state stays, and its output is 0.
 */
export function stepLoop<State extends { readonly h: tf.Tensor2D }>(
  cell: PlainCell<State>,
  input: tf.Tensor3D,
  initial: State,
  lengths?: tf.Tensor1D,
): { output: tf.Tensor3D; state: State } {
  let state = initial;
  const ends = lengths && tf.expandDims<tf.Tensor2D>(lengths, 1);
  // tfjs-core cannot differentiate an unstack of one.
  const inputs = input.shape[1] === 1 ? [tf.squeeze(input, [1])] : tf.unstack(input, 1);
  const outputs = inputs.map((x, t) => {
    const next = cell.step(x as tf.Tensor2D, state);
    if (ends === undefined) {
      state = next;
      return next.h;
    }
    const live = tf.less(tf.scalar(t, "int32"), ends); // [batch, 1]
    state = cell.zip(next, state, (now, before) => tf.where(live, now, before));
    return tf.where(live, next.h, tf.zerosLike(next.h));
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
}
