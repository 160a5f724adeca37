import type { Random } from "@attend/runtime/random";
import { checkWhole, shuffledPools } from "./pools.ts";

export interface CaptionBatchesOptions<Caption> {
  /** Captions a batch, at most. */
  readonly batchSize: number;
  /** Decides the plan wholly: the same state gives the same plan. */
  readonly random: Random;
  /** The number of tokens. */
  readonly bucketBy: (caption: Caption) => number;
  /**
   * So many batches' worth of shuffled examples are sorted by length together: more gives less
   * padding, fewer more varied batches.
   */
  readonly poolBatches?: number | undefined;
}

/**
 * An epoch over captions: batches of indices into `captions`, each index exactly once. The order is
 * random, yet captions of similar length are together, so that little is padded.
 *
 * @throws AttendError BAD_ARGUMENT where the batch size is no whole number above 0.
 */
export function captionBatches<Caption>(
  captions: readonly Caption[],
  { batchSize, random, bucketBy, poolBatches = 50 }: CaptionBatchesOptions<Caption>,
): number[][] {
  checkWhole("a batch size", batchSize);
  const lengths = captions.map(bucketBy);
  const compare = (a: number, b: number) => (lengths[a] ?? 0) - (lengths[b] ?? 0);
  const poolSize = poolBatches * batchSize;
  const order = shuffledPools(lengths.length, { random, poolSize, compare }).flat();
  const batches: number[][] = [];
  for (let i = 0; i < order.length; i += batchSize) batches.push(order.slice(i, i + batchSize));
  return random.shuffle(batches);
}
