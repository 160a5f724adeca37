import { tf } from "../tf.ts";

/** What every recurrent sequence takes. */
export interface SequenceOptions {
  /**
   * `[batch]` int32, 0 to `steps`: how many steps of each sequence count. Behind them its state stays,
   * its output is 0, and no gradient flows. Default: all.
   */
  readonly lengths?: tf.Tensor1D | undefined;
}

/** How a cell runs where there is no fused kernel for it. */
export interface PlainCell<State> {
  /** The next state from what the input of the step decides, `[batch, gates * units]`. */
  readonly step: (sums: tf.Tensor2D, state: State) => State;
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
 * @param sums what the input decides, `[batch, steps, gates * units]`
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
  // tfjs-core cannot differentiate an unstack of one.
  const ofSteps = sums.shape[1] === 1 ? [tf.squeeze(sums, [1])] : tf.unstack(sums, 1);
  const outputs = ofSteps.map((own, t) => {
    const next = cell.step(own as tf.Tensor2D, state);
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
