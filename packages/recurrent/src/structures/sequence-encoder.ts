import type { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";
import type { Cell, CellState } from "../cell.ts";
import { lastOf } from "../lengths.ts";
import { type UnrollOptions, unroll } from "../unroll.ts";

/** Encodes entire sequences. */
export interface SequenceEncoder extends Module {
  readonly inputSize: number;
  /** Size of the output. */
  readonly units: number;
  /**
   * The caller, or the surrounding scope, owns the result.
   *
   * @param input `[batch, steps, inputSize]`
   * @throws AttendError BAD_SHAPE, BAD_ARGUMENT (a length)
   */
  forward(input: tf.Tensor3D, options?: UnrollOptions): Encoded;
}

/** The result of a {@link SequenceEncoder}. */
export interface Encoded<State extends CellState = CellState> {
  /** `[batch, steps, units]`; zero past each sequence's length. */
  readonly output: tf.Tensor3D;
  /** Lengths of `output`; undefined if all steps are valid. */
  readonly lengths: readonly number[] | undefined;
  /** Each sequence as one vector, `[batch, units]`: the output of each direction at its last step. */
  readonly summary: tf.Tensor2D;
  /** The last states, nested like the encoder. */
  readonly state: State;
}

/** Runs a cell as an encoder, from a state of zeros. */
export function encodeWith(
  cell: Cell,
  input: tf.Tensor3D,
  options: UnrollOptions | undefined,
): Encoded {
  const { output, state } = unroll(cell, input, cell.initialState(input.shape[0]), options);
  const lengths = options?.lengths;
  return { output, lengths, summary: lastOf(output, lengths), state };
}
