import type { Parameter } from "@attend/nn";
import { customGradient, tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "../cell.ts";
import type { Piece, Run } from "../piece.ts";
import { mapState } from "../state.ts";

/**
 * Runs a sequence in about sqrt(steps) segments, which the backward pass runs once more: see
 * `UnrollOptions.checkpoint`.
 */
export function checkpointed<State extends CellState>(
  cell: Cell<State>,
  piece: Piece<State>,
  input: tf.Tensor3D,
  initial: State,
): Unrolled<State> {
  const steps = input.shape[1];
  const size = Math.ceil(Math.sqrt(steps));
  const sizes = Array.from({ length: Math.ceil(steps / size) }, (_, i) =>
    Math.min(size, steps - i * size),
  );
  const parameters = [...cell.trainableParameters().values()];
  let state = initial;
  // TensorFlow.js cannot differentiate a split into one.
  const parts = sizes.length === 1 ? [input] : (tf.split(input, sizes, 1) as tf.Tensor3D[]);
  const outputs = parts.map((part, i) => {
    const run = piece(i * size, i * size + part.shape[1]);
    const ran = recomputed(run, part, state, cell.units, parameters);
    state = ran.state;
    return ran.output;
  });
  return { output: tf.concat3d(outputs, 1), state };
}

/** Keeps for the backward pass only what goes in, and runs once more there. */
function recomputed<State extends CellState>(
  run: Run<State>,
  input: tf.Tensor3D,
  initial: State,
  units: number,
  parameters: readonly Parameter[],
): Unrolled<State> {
  const [batch, steps] = input.shape;
  const runPacked = ([x, ...tensors]: tf.Tensor[]) => {
    let next = 0;
    const state = mapState(initial, () => tensors[next++] as tf.Tensor2D);
    const ran = run(x as tf.Tensor3D, state);
    return tf.concat1d([ran.output, ...Object.values(ran.state)].map((t) => tf.reshape(t, [-1])));
  };
  const inputs = [input, ...Object.values(initial)];
  const packed = customGradient<tf.Tensor1D>(
    [...inputs, ...parameters],
    () => ({ value: runPacked(inputs), saved: inputs }),
    (dy, saved) => gradientsOf(() => runPacked(saved), [...saved, ...parameters], dy),
  );
  const sizes = [batch * steps * units, ...Object.values(initial).map(({ size }) => size)];
  const [output, ...states] = tf.split(packed, sizes) as [tf.Tensor1D, ...tf.Tensor1D[]];
  let next = 0;
  return {
    output: tf.reshape(output, [batch, steps, units]),
    state: mapState(initial, ({ shape }) => tf.reshape(states[next++] as tf.Tensor1D, shape)),
  };
}

/** The gradients of `f` by `xs`, zero where it does not depend on one, inside a backward pass. */
function gradientsOf(f: () => tf.Tensor1D, xs: tf.Tensor[], dy: tf.Tensor1D): tf.Tensor[] {
  const { state } = tf.engine();
  // TensorFlow.js has one tape, which the pass around this one still needs.
  const tape = state.activeTape;
  try {
    const { grads } = tf.engine().gradients(f, xs, dy, true);
    return xs.map((x, i) => grads[i] ?? tf.zerosLike(x));
  } finally {
    state.activeTape = tape;
  }
}
