import type { AttentionMemory, RecurrentAttentionState } from "@attend/attention";
import { gatherRows } from "@attend/decoding";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";

/** The part of the state that each step updates. */
export type Moving = {
  /** The state of each layer. */
  readonly layers: CellState[];
  readonly attention: RecurrentAttentionState;
  /** Input feeding of the next step, `[rows, size]`. */
  readonly feed?: tf.Tensor2D;
};

/** The constant part of the state. Rows may share a memory, which is not repeated. */
export type Fixed = {
  readonly memory?: AttentionMemory;
  /** Summary of the source, if it is an input of each step, `[rows, units]`. */
  readonly summary?: tf.Tensor2D;
};

/**
 * The state of a `Seq2seq` between two steps. Types rather than interfaces, so that `tf.tidy` may
 * return them.
 */
export type Seq2seqState = {
  readonly rows: number;
  readonly moving: Moving;
  readonly fixed: Fixed;
};

/** Row `i` of the result continues row `rows[i]` (int32); the memories are not copied. */
export function reordered({ moving, fixed }: Seq2seqState, rows: tf.Tensor1D): Seq2seqState {
  const { memory, summary } = fixed;
  return {
    rows: rows.shape[0],
    moving: gatherRows(moving, rows),
    fixed: {
      ...(memory && {
        memory: {
          ...memory,
          memoryIndices: memory.memoryIndices
            ? tf.gather(memory.memoryIndices, rows)
            : rows.clone(),
        },
      }),
      ...(summary && { summary: tf.gather(summary, rows) }),
    },
  };
}
