import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { loop, type Step, type Unrolled } from "./loop.ts";
import { type CellState, type StateSizes, sizesIn, stateFrom } from "./state.ts";

export type { Step, Unrolled } from "./loop.ts";
export type { CellState, LayersState, StateSizes } from "./state.ts";

/** The state of a single cell, which has a hidden state `h`. */
export type HiddenState = CellState & { readonly h: tf.Tensor2D };

/** A cell, or a cell with sampled dropout masks. */
export interface Running<State> {
  /** `input` is `[batch, inputSize]`. */
  step(input: tf.Tensor2D, state: State): Step<State>;
  /**
   * An entire sequence `[batch, steps, inputSize]`; equals calling `step` repeatedly, to 1e-5.
   *
   * @param lengths of the sequences, 0 to `steps`; the input past them is zero. Default: `steps`
   */
  sequence(input: tf.Tensor3D, state: State, lengths?: readonly number[]): Unrolled<State>;
}

/** Random generators for masks, which the surrounding scope (`tf.tidy`) owns. */
export interface Drawing {
  readonly batch: number;
  /** For masks of an entire sequence. */
  readonly random: Random;
  /** For masks of single steps. */
  readonly stepRandom: Random;
}

/**
 * One step of a recurrent network, `(x_t, s_{t-1}) -> (y_t, s_t)`. A subclass implements `step`, and
 * overrides `sequence` if an entire sequence can run faster than in a loop.
 */
export abstract class Cell<State extends CellState = CellState>
  extends Module
  implements Running<State>
{
  abstract readonly inputSize: number;
  /** Size of the output. */
  abstract readonly units: number;
  abstract readonly stateSizes: StateSizes<State>;

  abstract step(input: tf.Tensor2D, state: State): Step<State>;

  sequence(input: tf.Tensor3D, state: State, lengths?: readonly number[]): Unrolled<State> {
    return loop((x, before) => this.step(x, before), input, state, lengths);
  }

  /** All zeros; the caller owns it. */
  initialState(batch: number): State {
    const zeros = sizesIn(this.stateSizes).map(({ size }) => tf.zeros<tf.Rank.R2>([batch, size]));
    return stateFrom<State>(this.stateSizes, zeros);
  }

  /** The cell for training on one sequence; cells with dropout override it. */
  drawn(_drawing: Drawing): Running<State> {
    return this;
  }
}
