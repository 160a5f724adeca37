import type { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";
import type { Cell, CellState } from "../cell.ts";
import { lastOf } from "../lengths.ts";
import { type UnrollOptions, unroll } from "../unroll.ts";

/** Reads whole sequences. */
export interface SequenceEncoder extends Module {
  readonly inputSize: number;
  /** Size of the output. */
  readonly units: number;
  /**
   * The caller, or the scope around the call, owns the result.
   *
   * @param input `[batch, steps, inputSize]`
   * @throws AttendError BAD_SHAPE, BAD_ARGUMENT (a length)
   */
  forward(input: tf.Tensor3D, options?: UnrollOptions): Encoded;
}

/** What a sequence encoder gives. */
export interface Encoded<State extends CellState = CellState> {
  /** `[batch, steps, units]`; zero from each sequence's length on. */
  readonly output: tf.Tensor3D;
  /** Steps that count in `output`; undefined where all do. */
  readonly lengths: readonly number[] | undefined;
  /** Each sequence in one vector, `[batch, units]`: what each direction gives at its last step. */
  readonly summary: tf.Tensor2D;
  /** The states at the end, nested as the encoder is. */
  readonly state: State;
}

/** Runs a cell from zeros, as an encoder. */
export function encodeWith(
  cell: Cell,
  input: tf.Tensor3D,
  options: UnrollOptions | undefined,
): Encoded {
  const { output, state } = unroll(cell, input, cell.initialState(input.shape[0]), options);
  const lengths = options?.lengths;
  return { output, lengths, summary: lastOf(output, lengths), state };
}
