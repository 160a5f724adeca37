import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { loop, type Step, type Unrolled } from "./loop.ts";
import { type CellState, type StateSizes, sizesIn, stateFrom } from "./state.ts";

export type { Step, Unrolled } from "./loop.ts";
export type { CellState, LayersState, StateSizes } from "./state.ts";

/** The state of a single cell, which has a hidden state `h`. */
export type HiddenState = CellState & { readonly h: tf.Tensor2D };

/** What runs over a sequence: a cell, or a cell with its dropout drawn. */
export interface Running<State> {
  /** `input` is `[batch, inputSize]`. */
  step(input: tf.Tensor2D, state: State): Step<State>;
  /**
   * A whole sequence `[batch, steps, inputSize]`; the same as `step` repeated, to 1e-5.
   *
   * @param lengths steps that count in each sequence, 0 to `steps`; the input behind them is zero.
   *   Absent where all count.
   */
  sequence(input: tf.Tensor3D, state: State, lengths?: readonly number[]): Unrolled<State>;
}

/** What decides what is dropped. Masks belong to the scope (`tf.tidy`) around. */
export interface Drawing {
  readonly batch: number;
  /** For what is drawn once a sequence. */
  readonly random: Random;
  /** For what is drawn anew at each step. */
  readonly stepRandom: Random;
}

/**
 * One step of a recurrent network, `(x_t, s_{t-1}) -> (y_t, s_t)`. A new kind of cell needs `step`; it
 * overrides `sequence` where a whole sequence can be run faster than by a loop.
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

  /** The cell as it runs over one sequence in training; what drops at random overrides it. */
  drawn(_drawing: Drawing): Running<State> {
    return this;
  }
}
