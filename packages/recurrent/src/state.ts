import type { tf } from "@attend/runtime";

/** A cell's state: named tensors `[batch, size]`. */
export type CellState = Readonly<Record<string, tf.Tensor2D>>;

/** Size of each tensor of a state. */
export type StateSizes<State> = { readonly [Name in keyof State]: number };

/** The tensors of a state in the order of its sizes. */
export function tensorsOf<State extends CellState>(
  sizes: StateSizes<State>,
  state: State,
): tf.Tensor2D[] {
  return Object.keys(sizes).map((name) => state[name] as tf.Tensor2D);
}

/** A state of tensors in the order of its sizes. */
export function stateFrom<State extends CellState>(
  sizes: StateSizes<State>,
  tensors: readonly tf.Tensor2D[],
): State {
  // `Object.fromEntries` forgets the names.
  return Object.fromEntries(Object.keys(sizes).map((name, i) => [name, tensors[i]])) as State;
}

/** A state with the same names, tensor by tensor. */
function mapState<State extends CellState>(
  state: State,
  map: (tensor: tf.Tensor2D, name: keyof State & string) => tf.Tensor2D,
): State {
  const entries = Object.entries<tf.Tensor2D>(state).map(([name, t]) => [name, map(t, name)]);
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
