import type { tf } from "@attend/runtime";
import type { CellState } from "./cell.ts";

/** A state with the same names, tensor by tensor. */
export function mapState<State extends CellState>(
  state: State,
  map: (tensor: tf.Tensor2D, name: keyof State & string) => tf.Tensor2D,
): State {
  const entries = Object.entries<tf.Tensor2D>(state).map(([name, t]) => [name, map(t, name)]);
  // `Object.fromEntries` forgets the names.
  return Object.fromEntries(entries) as State;
}

/** A state made of two, tensor by tensor. */
export function zipStates<State extends CellState>(
  a: State,
  b: State,
  zip: (a: tf.Tensor2D, b: tf.Tensor2D, name: keyof State & string) => tf.Tensor2D,
): State {
  return mapState(a, (tensor, name) => zip(tensor, b[name] as tf.Tensor2D, name));
}
