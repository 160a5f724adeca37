import { AttendError, type Random, type tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "./cell.ts";
import { checkpointed } from "./gradients/checkpoint.ts";
import { checkLengths, isRagged, zeroPadding } from "./lengths.ts";
import { pieceOf } from "./piece.ts";
import { sizesIn, tensorAt } from "./state.ts";

/** Options of {@link unroll}. */
export interface UnrollOptions {
  /** Length of each sequence, 1 to `steps`; positions past it are ignored. */
  readonly lengths?: readonly number[] | undefined;
  /** Enables dropout and zoneout, for training. */
  readonly random?: Random | undefined;
  /**
   * Gradient checkpointing: the sequence runs in about sqrt(steps) segments of sqrt(steps) steps, and
   * the backward pass reruns each. Memory other than input and output grows with the square root of
   * the steps (Chen et al. 2016; Gruslys et al. 2016). Same result, same gradient.
   */
  readonly checkpoint?: boolean | undefined;
}

/**
 * Runs a cell over a sequence `[batch, steps, inputSize]`, from the state `initial`. The caller, or the
 * surrounding scope, owns the result.
 *
 * @throws AttendError BAD_SHAPE, BAD_ARGUMENT (a length)
 */
export function unroll<State extends CellState>(
  cell: Cell<State>,
  input: tf.Tensor3D,
  initial: State,
  { lengths, random, checkpoint }: UnrollOptions = {},
): Unrolled<State> {
  checkInput(input, cell.inputSize, lengths);
  const [batch, steps] = input.shape;
  checkState(cell, initial, batch);
  const ragged = isRagged(lengths, steps) ? lengths : undefined;
  const real = ragged === undefined ? input : zeroPadding(input, ragged);
  const piece = pieceOf(cell, batch, ragged, random);
  return checkpoint ? checkpointed(cell, piece, real, initial) : piece(0, steps)(real, initial);
}

/** @throws AttendError unless the input is `[batch, steps, inputSize]` and matches the lengths */
export function checkInput(
  input: tf.Tensor,
  inputSize: number,
  lengths: readonly number[] | undefined,
): void {
  const { shape } = input;
  const [batch = 0, steps = 0, size = 0] = shape;
  if (shape.length !== 3 || size !== inputSize || steps === 0) {
    const given =
      shape.length === 3 ? `batch ${batch}, steps ${steps}, features ${size}` : shape.join(", ");
    throw new AttendError(
      "BAD_SHAPE",
      `the input is [${given}], expected [batch, steps (1 or more), features ${inputSize}]`,
    );
  }
  if (lengths !== undefined) checkLengths(lengths, batch, steps);
}

/** @throws AttendError unless the state matches the cell and the batch size */
function checkState<State extends CellState>(
  cell: Cell<State>,
  state: CellState,
  batch: number,
): void {
  for (const { path, size } of sizesIn(cell.stateSizes)) {
    const { shape } = tensorAt(state, path);
    if (shape.length === 2 && shape[0] === batch && shape[1] === size) continue;
    throw new AttendError(
      "BAD_SHAPE",
      `the state's ${path.join(".")} is [${shape.join(", ")}], expected [batch ${batch}, units ${size}]`,
    );
  }
}
