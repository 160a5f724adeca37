import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { Score } from "../scores/score.ts";

/** What a decoder attends to. A type rather than an interface, so that `tf.tidy` may return it. */
export type AttentionMemory = {
  /** `[memories, positions, size]`, from `score.projectMemory` */
  readonly keys: tf.Tensor3D;
  /** `[memories, positions, valueSize]` */
  readonly values: tf.Tensor3D;
  /** `[memories, positions]` float32, 1 at valid positions; at least one in each memory. */
  readonly mask?: tf.Tensor2D;
  /** `[rows]` int32: the memory each row attends to. Default: row i attends to memory i. */
  readonly memoryIndices?: tf.Tensor1D;
};

/** What a step depends on of the previous ones: tensors `[rows, ...]` and numbers; empty if nothing. */
export type RecurrentAttentionState = Readonly<Record<string, tf.Tensor2D | number>>;

/** Options of a step of {@link RecurrentAttention}. */
export interface RecurrentAttentionOptions {
  /** Enables training mode, which some kinds of attention have. */
  readonly random?: Random | undefined;
}

/** The weights of all queries, `[rows, queries, positions]`, and the state after the last query. */
export type AttentionWeights = {
  readonly weights: tf.Tensor3D;
  readonly state: RecurrentAttentionState;
};

/**
 * Attention of a recurrent decoder: one query after another, where a step may depend on the previous
 * ones. {@link forward} gives the same results as {@link step} called once per query.
 *
 * A subclass computes the weights; this class gathers shared memories and averages the values.
 */
export abstract class RecurrentAttention extends Module {
  readonly score: Score;

  constructor(score: Score) {
    super();
    this.score = score;
  }

  /** The state before the first step; the caller owns it. */
  abstract start(rows: number, positions: number): RecurrentAttentionState;

  /**
   * @param queries `[rows, queries, querySize]`
   * @param keys `[rows, positions, size]`
   * @param mask `[rows, positions]`
   */
  protected abstract computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
    options?: RecurrentAttentionOptions,
  ): AttentionWeights;

  /**
   * Attends with one query per row.
   *
   * @param query `[rows, querySize]`
   * @returns context `[rows, valueSize]`, weights `[rows, positions]`; the caller, or the surrounding
   *   `tf.tidy`, owns them
   */
  step(
    query: tf.Tensor2D,
    memory: AttentionMemory,
    state: RecurrentAttentionState,
    options?: RecurrentAttentionOptions,
  ): { context: tf.Tensor2D; weights: tf.Tensor2D; state: RecurrentAttentionState } {
    const result = this.forward(tf.expandDims(query, 1), memory, state, options);
    return {
      context: tf.squeeze(result.context, [1]),
      weights: tf.squeeze(result.weights, [1]),
      state: result.state,
    };
  }

  /**
   * Attends with all queries of each row.
   *
   * @param queries `[rows, queries, querySize]`
   * @returns context `[rows, queries, valueSize]`, weights `[rows, queries, positions]`
   */
  forward(
    queries: tf.Tensor3D,
    memory: AttentionMemory,
    state: RecurrentAttentionState,
    options?: RecurrentAttentionOptions,
  ): { context: tf.Tensor3D; weights: tf.Tensor3D; state: RecurrentAttentionState } {
    const { keys, values, mask } = gatherMemory(memory);
    const { weights, state: next } = this.computeWeights(queries, keys, mask, state, options);
    return { context: tf.matMul(weights, values), weights, state: next };
  }
}

/** The memory of each row, `[rows, positions, ...]`, gathered from memories that rows share. */
export function gatherMemory({ memoryIndices, ...memory }: AttentionMemory): AttentionMemory {
  if (memoryIndices === undefined) return memory;
  const { keys, values, mask } = memory;
  return {
    keys: tf.gather(keys, memoryIndices),
    values: tf.gather(values, memoryIndices),
    ...(mask === undefined ? {} : { mask: tf.gather(mask, memoryIndices) }),
  };
}

/** Splits `[rows, queries, size]` into its queries, `[rows, 1, size]` each. */
export function eachQuery(queries: tf.Tensor3D): tf.Tensor3D[] {
  return tf.split(queries, queries.shape[1], 1);
}
