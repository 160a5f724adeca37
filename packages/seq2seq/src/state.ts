import type { AttentionMemory, RecurrentAttentionState } from "@attend/attention";
import { gatherRows } from "@attend/decoding";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";

/** What changes from step to step. */
export type Moving = {
  /** By layer. */
  readonly layers: CellState[];
  readonly look: RecurrentAttentionState;
  /** What input feeding brings into the next step, `[rows, size]`. */
  readonly feed?: tf.Tensor2D;
};

/** What stays. Rows may share a memory, which is not repeated for them. */
export type Fixed = {
  readonly memory?: AttentionMemory;
  /** The source's, where it goes into every step, `[rows, units]`. */
  readonly summary?: tf.Tensor2D;
};

/** The state of a `Seq2seq` between two steps. Types, not interfaces, so that `tf.tidy` may return them. */
export type Seq2seqState = {
  readonly rows: number;
  readonly moving: Moving;
  readonly fixed: Fixed;
};

/** Row `i` of the result continues row `rows[i]`, int32; the memories are the same tensors. */
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
