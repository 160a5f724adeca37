import type { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";

/** A cell's state: named tensors `[batch, units]`. */
export type CellState = Readonly<Record<string, tf.Tensor2D>>;

/** One step of a recurrent network. */
export interface Cell<State extends CellState> extends Module {
  readonly inputSize: number;
  readonly units: number;
  /** All zeros; the caller owns it. */
  initialState(batch: number): State;
  /** `input` is `[batch, inputSize]`, the output `[batch, units]`. */
  step(input: tf.Tensor2D, state: State): { output: tf.Tensor2D; state: State };
  /** A state made of two, tensor by tensor. */
  zipStates(a: State, b: State, zip: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D): State;
  /**
   * A whole sequence `[batch, steps, inputSize]` at once, where a fused kernel exists: the same result
   * as stepping, to 1e-5. Without it `unroll` loops.
   */
  sequence?(input: tf.Tensor3D, state: State): { output: tf.Tensor3D; state: State };
}
