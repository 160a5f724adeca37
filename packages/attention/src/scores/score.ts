import { type Linear, Module, type Parameter } from "@attend/nn";
import type { tf } from "@attend/runtime";

/**
 * A score function: how well a query matches each position. The memory is projected once per sequence,
 * so that a step computes only what depends on its query.
 */
export abstract class Score extends Module {
  /** `[size, 1]`: {@link compare} is `vector^T tanh(q + k)`. Undefined: it is the dot product. */
  abstract readonly vector: Parameter<tf.Rank.R2> | undefined;

  /** Projects queries; undefined: they are compared as they are. */
  abstract readonly query: Linear | undefined;

  /** `[batch, positions, memorySize] -> [batch, positions, size]` */
  abstract projectMemory(memory: tf.Tensor3D): tf.Tensor3D;

  /** `[..., querySize] -> [..., size]` */
  projectQuery<T extends tf.Tensor>(query: T): T {
    return this.query === undefined ? query : this.query.forward(query);
  }

  /** Projected queries `[batch, queries, size]` and keys `-> [batch, queries, positions]` */
  abstract compare(projected: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D;

  /** `[batch, queries, querySize]` and projected keys `-> [batch, queries, positions]` */
  logits(query: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    return this.compare(this.projectQuery(query), keys);
  }
}

/** Sizes of a {@link Score}. */
export interface ScoreSizes {
  readonly querySize: number;
  readonly memorySize: number;
  /** Size of the space that both are projected to; unused by the plain dot and general scores. */
  readonly size: number;
}
