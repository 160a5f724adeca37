import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";

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
  checkBatchSize(batchSize);
  const lengths = captions.map(bucketBy);
  const order = poolByLength(lengths, { random, poolSize: poolBatches * batchSize });
  const batches: number[][] = [];
  for (let i = 0; i < order.length; i += batchSize) batches.push(order.slice(i, i + batchSize));
  return random.shuffle(batches);
}

/** All indices, shuffled, then sorted by length within pools. */
function poolByLength(
  lengths: readonly number[],
  { random, poolSize }: { random: Random; poolSize: number },
): number[] {
  const order = random.shuffle([...lengths.keys()]);
  const pools: number[][] = [];
  for (let i = 0; i < order.length; i += poolSize) {
    const pool = order.slice(i, i + poolSize);
    pools.push(pool.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0)));
  }
  return pools.flat();
}

function checkBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return;
  const message = `a batch size is a whole number above 0, but ${batchSize} was given`;
  throw new AttendError("BAD_ARGUMENT", message);
}
