import { tf } from "../tf.ts";

/** Options that all recurrent sequences share. */
export interface SequenceOptions {
  /**
   * `[batch]` int32, 0 to `steps`: the length of each sequence. Past it, the state does not change,
   * the output is 0, and no gradient flows. Default: all steps count.
   */
  readonly lengths?: tf.Tensor1D | undefined;
}

/** How a cell runs if there is no fused kernel for it. */
export interface PlainCell<State> {
  /**
   * Computes the next state from the input's contribution to the step, `[batch, gates * units]`.
   */
  readonly step: (sums: tf.Tensor2D, state: State) => State;
  /** Combines two states by applying `choose(next, before)` to each of their tensors. */
  readonly zip: (
    next: State,
    before: State,
    choose: (next: tf.Tensor2D, before: tf.Tensor2D) => tf.Tensor2D,
  ) => State;
}

/**
 * Runs a cell over a sequence, one step at a time.
 *
 * @param sums the input's contribution, `[batch, steps, gates * units]`
 * @param lengths as in {@link SequenceOptions}
 */
export function stepLoop<State extends { readonly h: tf.Tensor2D }>(
  cell: PlainCell<State>,
  sums: tf.Tensor3D,
  initial: State,
  lengths?: tf.Tensor1D,
): { output: tf.Tensor3D; state: State } {
  let state = initial;
  const ends = lengths && tf.expandDims<tf.Tensor2D>(lengths, 1);
  const outputs = tf.unstack(sums, 1).map((stepSums, t) => {
    const next = cell.step(stepSums as tf.Tensor2D, state);
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
