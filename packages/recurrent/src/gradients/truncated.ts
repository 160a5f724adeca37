import type { Parameter } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "../cell.ts";
import { pieceOf } from "../piece.ts";
import { mapState } from "../state.ts";
import { checkInput, checkState } from "../unroll.ts";

/**
 * Runs a window of a long sequence: its gradient goes back to its start and no further.
 *
 * @param input `[batch, steps, inputSize]`
 * @param start the state before the window
 * @param cut where the next window starts, 0 to `steps`
 * @returns the output of the window, and the state at the cut, to keep for the next window
 */
export function unrollWindow<State extends CellState>(
  cell: Cell<State>,
  input: tf.Tensor3D,
  start: State,
  cut: number,
  random?: Random,
): Unrolled<State> {
  checkInput(input, cell.inputSize, undefined);
  const [batch, steps] = input.shape;
  checkState(cell, start, batch);
  const piece = pieceOf(cell, batch, undefined, random);
  if (cut === steps) return piece(0, steps)(input, start);
  if (cut === 0) return { output: piece(0, steps)(input, start).output, state: start };
  const [before, behind] = tf.split(input, [cut, steps - cut], 1) as [tf.Tensor3D, tf.Tensor3D];
  const first = piece(0, cut)(before, start);
  const second = piece(cut, steps)(behind, first.state);
  return { output: tf.concat3d([first.output, second.output], 1), state: first.state };
}

/** How truncated backpropagation goes through a sequence. */
export interface TruncatedOptions<State extends CellState> {
  /** The state before the first step; the caller keeps it. */
  readonly initial: State;
  /** Steps of the whole sequence. */
  readonly steps: number;
  /** k1: steps between two updates. */
  readonly forward: number;
  /** k2: steps that a gradient goes back, from the end of those k1; at least `forward`. */
  readonly back: number;
  /**
   * The input of the steps from `from` to before `to`, `[batch, to - from, inputSize]`. It is called
   * where it is differentiated, so an embedding in it is trained. With `back` above `forward` a step is
   * asked for more than once.
   */
  input(from: number, to: number): tf.Tensor3D;
  /** The loss of the steps from `from` to before `to`; `output` is `[batch, to - from, units]`. */
  loss(output: tf.Tensor3D, from: number, to: number): tf.Scalar;
  /** What to differentiate by; default the cell's parameters. */
  readonly parameters?: ReadonlyMap<string, Parameter>;
  /** Switches dropout and zoneout on; masks are drawn for each window. */
  readonly random?: Random;
}

/** What one update of {@link truncatedBackpropagation} knows. */
export interface TruncatedStep {
  /** The first step whose loss counts here, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly loss: number;
  /** By the parameter's name, where the loss depends on it. The caller disposes them. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/**
 * Truncated backpropagation through time, BPTT(k2; k1) of Williams & Peng 1990: after every k1 steps
 * the gradient of their loss, through the last k2 steps. Apply it before asking for the next one. The
 * state goes on from window to window, so the memory that is held depends on `back` and not on `steps`.
 *
 * The loop may be left at any time; what is kept is disposed then.
 *
 * @throws AttendError BAD_ARGUMENT where `forward` is not from 1 to `back`; BAD_SHAPE
 */
export function* truncatedBackpropagation<State extends CellState>(
  cell: Cell<State>,
  options: TruncatedOptions<State>,
): Generator<TruncatedStep, void> {
  const { steps, forward, back, random } = options;
  if (!(Number.isInteger(forward) && forward >= 1 && Number.isInteger(back) && back >= forward)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${forward} steps forward and ${back} back; expected whole numbers with 1 <= forward <= back`,
    );
  }
  const parameters = options.parameters ?? cell.trainableParameters();
  const startOf = (to: number) => Math.max(0, Math.min(to, steps) - back);
  let kept = mapState(options.initial, (tensor) => tensor.clone());
  let next: State | undefined;
  try {
    for (let from = 0; from < steps; from += forward) {
      const to = Math.min(from + forward, steps);
      const start = startOf(to);
      const { value, grads } = tf.variableGrads(() => {
        const input = options.input(start, to);
        const cut = startOf(to + forward) - start;
        const window = unrollWindow(cell, input, kept, cut, random);
        next = mapState(window.state, (tensor) => tf.keep(tensor.clone()));
        return options.loss(tf.slice(window.output, [0, from - start, 0]), from, to);
      }, [...parameters.values()]);
      tf.dispose(kept);
      if (next !== undefined) kept = next;
      const loss = value.dataSync()[0] ?? Number.NaN;
      value.dispose();
      const gradients = [...parameters].flatMap(([name, parameter]) => {
        const gradient = grads[parameter.name];
        return gradient === undefined ? [] : [[name, gradient] as const];
      });
      yield { from, to, loss, gradients: new Map(gradients) };
    }
  } finally {
    tf.dispose([kept, next ?? kept]);
  }
}
