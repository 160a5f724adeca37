import { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";

/**
 * How well a query fits each position. What depends on the memory alone is projected once a sequence,
 * so that a step costs only what depends on its query.
 */
export abstract class Score extends Module {
  /** Whether {@link compare} is the dot product, for which there are quicker ways. */
  abstract readonly isDotProduct: boolean;

  /** `[batch, positions, memorySize] -> [batch, positions, size]` */
  abstract projectMemory(memory: tf.Tensor3D): tf.Tensor3D;

  /** `[..., querySize] -> [..., size]` */
  abstract projectQuery<T extends tf.Tensor>(query: T): T;

  /** `[batch, queries, size]` and keys, both projected, `-> [batch, queries, positions]` */
  abstract compare(projected: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D;

  /** `[batch, queries, querySize]` and projected keys `-> [batch, queries, positions]` */
  logits(query: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    return this.compare(this.projectQuery(query), keys);
  }
}

/** Features of what a score compares. */
export interface ScoreSizes {
  readonly querySize: number;
  readonly memorySize: number;
  /** Size of the space in which query and memory meet; the plain dot and general scores have none. */
  readonly size: number;
}
