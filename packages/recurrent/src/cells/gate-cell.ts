import { tf } from "@attend/runtime";
import type { HiddenState, Step, Unrolled } from "../cell.ts";
import { loop } from "../loop.ts";
import { KernelCell } from "./kernel-cell.ts";

/**
 * A cell without a fused kernel. The projection of the input is computed for the entire sequence before
 * the loop over the steps.
 */
export abstract class GateCell<State extends HiddenState> extends KernelCell<State> {
  /** The projection of the input: `[rows, inputSize] -> [rows, gates * units]`. */
  protected abstract project(input: tf.Tensor2D): tf.Tensor2D;

  /** The next state, given the result of {@link project} for the step. */
  protected abstract advance(projected: tf.Tensor2D, state: State): State;

  /** One step; the input is projected first. */
  override step(input: tf.Tensor2D, state: State): Step<State> {
    return this.#advance(this.project(input), state);
  }

  /** One product for the inputs of all steps, then a loop. */
  override sequence(
    input: tf.Tensor3D,
    state: State,
    lengths?: readonly number[],
  ): Unrolled<State> {
    const [batch, steps, inputSize] = input.shape;
    const flat = this.project(tf.reshape(input, [batch * steps, inputSize]));
    const projected: tf.Tensor3D = tf.reshape(flat, [batch, steps, flat.shape[1]]);
    return loop((x, before) => this.#advance(x, before), projected, state, lengths);
  }

  #advance(projected: tf.Tensor2D, state: State): Step<State> {
    const next = this.advance(projected, state);
    return { output: next.h, state: next };
  }
}
