import { type Random, tf } from "@attend/runtime";
import type { CaptionBatch } from "../losses.ts";

/** Which examples a batch takes, by their places. */
export type Plan = readonly number[];

/** A batch of photos, as pictures or as features, with their captions. */
export interface Batch {
  /** `[photos, size, size, 3]` pictures or `[photos, positions, channels]` features. */
  readonly photos: tf.Tensor;
  readonly captions: CaptionBatch;
}

/** Shuffles the examples and cuts them into batches; the last may be smaller. */
export function shuffledPlans(count: number, batchSize: number, random: Random): Plan[] {
  const order = random.shuffle(Array.from({ length: count }, (_, index) => index));
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}

export function releaseBatch({ photos, captions }: Batch): void {
  tf.dispose([photos, captions]);
}

/** `[photos, positions, channels]` features as an encoding: pooled is their mean. */
export function encodingOf(map: tf.Tensor3D): { map: tf.Tensor3D; pooled: tf.Tensor2D } {
  return { map, pooled: tf.mean(map, 1) };
}
