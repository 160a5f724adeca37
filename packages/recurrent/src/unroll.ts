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
  if (lengths !== undefined) checkLengths(lengths, batch, steps);
  if (lengths === undefined || lengths.every((length) => length === steps)) {
    return cell.sequence?.(input, initial) ?? loop(cell, input, initial);
  }
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
    if (lengths === undefined || lengths.every((length) => t < length)) {
      outputs.push(next.output);
      state = next.state;
    } else {
      const active = tf.tensor2d(
        lengths.map((length) => t < length),
        [lengths.length, 1],
        "bool",
      );
      outputs.push(tf.where(active, next.output, tf.zerosLike(next.output)));
      state = cell.zipStates(next.state, state, (now, before) => tf.where(active, now, before));
    }
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
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
