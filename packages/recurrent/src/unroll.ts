import { AttendError, tf } from "@attend/runtime";
import type { Cell, CellState } from "./cell.ts";

export interface Unrolled<State> {
  /** `[batch, steps, units]`; zero from each sequence's length on. */
  readonly output: tf.Tensor3D;
  /** The state after each sequence's last step. */
  readonly state: State;
}

/**
 * Runs a cell over a sequence `[batch, steps, inputSize]`.
 *
 * @param options.lengths steps that count in each sequence, 1 to `steps`; what lies behind changes nothing.
 */
export function unroll<State extends CellState>(
  cell: Cell<State>,
  input: tf.Tensor3D,
  initial: State,
  options?: { lengths?: readonly number[] },
): Unrolled<State> {
  const [batch, steps, inputSize] = input.shape;
  if (inputSize !== cell.inputSize) {
    throw new AttendError(
      "BAD_SHAPE",
      `the input is [batch ${batch}, steps ${steps}, features ${inputSize}], the cell expects ${cell.inputSize} features`,
    );
  }
  const lengths = options?.lengths;
  if (lengths === undefined || lengths.every((length) => length === steps)) {
    return cell.sequence?.(input, initial) ?? loop(cell, input, initial);
  }
  checkLengths(lengths, batch, steps);
  return loop(cell, input, initial, lengths);
}

function loop<State extends CellState>(
  cell: Cell<State>,
  input: tf.Tensor3D,
  initial: State,
  lengths?: readonly number[],
): Unrolled<State> {
  let state = initial;
  const outputs: tf.Tensor2D[] = [];
  tf.unstack(input, 1).forEach((x, t) => {
    const next = cell.step(x as tf.Tensor2D, state);
    const active = lengths?.map((length) => (t < length ? 1 : 0));
    if (active === undefined || active.every((flag) => flag === 1)) {
      outputs.push(next.output);
      state = next.state;
    } else {
      const mask = tf.tensor2d(active, [active.length, 1]);
      outputs.push(tf.mul(next.output, mask));
      state = blend(mask, next.state, state);
    }
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
}

/** Where `mask` is 1 the new state, else the old one. */
function blend<State extends CellState>(mask: tf.Tensor2D, next: State, old: State): State {
  const kept = tf.sub(1, mask);
  const entries = Object.entries(next).map(([name, value]) => {
    const previous = old[name];
    return [name, previous ? tf.add(tf.mul(value, mask), tf.mul(previous, kept)) : value];
  });
  return Object.fromEntries(entries);
}

function checkLengths(lengths: readonly number[], batch: number, steps: number): void {
  if (lengths.length !== batch) {
    throw new AttendError("BAD_SHAPE", `${lengths.length} lengths for a batch of ${batch}`);
  }
  const wrong = lengths.findIndex(
    (length) => !Number.isInteger(length) || length < 1 || length > steps,
  );
  if (wrong !== -1) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `length ${lengths[wrong]} of sequence ${wrong}; lengths are whole numbers from 1 to ${steps} (the steps)`,
    );
  }
}
