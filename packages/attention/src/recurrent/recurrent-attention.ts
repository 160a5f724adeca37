import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { Score } from "../scores/score.ts";

/** What is looked at. A type, not an interface, so that `tf.tidy` may return it. */
export type AttentionMemory = {
  /** `[memories, positions, size]`, made by `score.projectMemory` */
  readonly keys: tf.Tensor3D;
  /** `[memories, positions, valueSize]` */
  readonly values: tf.Tensor3D;
  /** `[memories, positions]` float32, 1 where a position takes part, one or more of each memory. */
  readonly mask?: tf.Tensor2D;
  /** `[rows]` int32: which memory each row looks at; absent where row i looks at memory i. */
  readonly owners?: tf.Tensor1D;
};

/** What the next look needs of those before it, `[rows, ...]` each; empty where nothing. */
export type LookState = Readonly<Record<string, tf.Tensor2D>>;

/** How a look is taken. */
export interface LookOptions {
  /** Training: where to look is drawn, or relaxed to what has a gradient, where the kind says so. */
  readonly random?: Random | undefined;
}

/** Weights of a row of looks, `[rows, queries, positions]`, and the state after the last of them. */
export type Weighed = { readonly weights: tf.Tensor3D; readonly state: LookState };

/**
 * Attention as a recurrent decoder uses it: one query after another, where a look may depend on those
 * before it. All queries at once give what they give one by one.
 *
 * A new kind says how queries are weighed; gathering shared memories and the mean of the values are here.
 */
export abstract class RecurrentAttention extends Module {
  readonly score: Score;

  constructor(score: Score) {
    super();
    this.score = score;
  }

  /** The state before the first look; the caller owns it. */
  abstract start(rows: number, positions: number): LookState;

  /**
   * @param queries `[rows, queries, querySize]`
   * @param keys `[rows, positions, size]`
   * @param mask `[rows, positions]`
   */
  protected abstract weigh(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: LookState,
    options?: LookOptions,
  ): Weighed;

  /**
   * One look of each row.
   *
   * @param query `[rows, querySize]`
   * @returns context `[rows, valueSize]`, weights `[rows, positions]`; the caller, or the `tf.tidy`
   *   around it, owns them
   */
  look(
    query: tf.Tensor2D,
    memory: AttentionMemory,
    state: LookState,
    options?: LookOptions,
  ): { context: tf.Tensor2D; weights: tf.Tensor2D; state: LookState } {
    const seen = this.lookAll(tf.expandDims(query, 1), memory, state, options);
    return {
      context: tf.squeeze(seen.context, [1]),
      weights: tf.squeeze(seen.weights, [1]),
      state: seen.state,
    };
  }

  /**
   * All looks of each row.
   *
   * @param queries `[rows, queries, querySize]`
   * @returns context `[rows, queries, valueSize]`, weights `[rows, queries, positions]`
   */
  lookAll(
    queries: tf.Tensor3D,
    memory: AttentionMemory,
    state: LookState,
    options?: LookOptions,
  ): { context: tf.Tensor3D; weights: tf.Tensor3D; state: LookState } {
    const { keys, values, mask } = ownMemories(memory);
    const { weights, state: next } = this.weigh(queries, keys, mask, state, options);
    return { context: tf.matMul(weights, values), weights, state: next };
  }
}

/** The memory of each row, `[rows, positions, ...]`, in the place of memories that rows share. */
export function ownMemories({ owners, ...memory }: AttentionMemory): AttentionMemory {
  if (owners === undefined) return memory;
  const { keys, values, mask } = memory;
  return {
    keys: tf.gather(keys, owners),
    values: tf.gather(values, owners),
    ...(mask === undefined ? {} : { mask: tf.gather(mask, owners) }),
  };
}

/** `[rows, queries, size]` in its queries, `[rows, 1, size]` each. */
export function eachQuery(queries: tf.Tensor3D): tf.Tensor3D[] {
  const [, count] = queries.shape;
  return count === 1 ? [queries] : tf.split(queries, count, 1);
}
