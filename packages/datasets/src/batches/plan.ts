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

export interface ImageBatchesOptions<Caption> extends CaptionBatchesOptions<Caption> {
  /** Takes so many captions of a photo, at random, where it has more; without it, all. */
  readonly captionsPerImage?: number | undefined;
}

/** Some photos, whose features are needed once, and captions of theirs. */
export interface ImageBatch {
  /** Indices of the photos. */
  readonly images: number[];
  /** For each caption, which place of `images` its photo has. */
  readonly owners: number[];
  /** For each caption, its index among those of its photo. */
  readonly captions: number[];
}

/**
 * An epoch over photos: each photo exactly once, with all of its captions or some. Photos whose
 * longest captions are similar in length are together. A photo that has more captions than a batch
 * makes a larger batch by itself; one without captions is left out.
 *
 * @throws AttendError BAD_ARGUMENT where the batch size is no whole number above 0.
 */
export function imageBatches<Caption>(
  images: readonly { readonly captions: readonly Caption[] }[],
  options: ImageBatchesOptions<Caption>,
): ImageBatch[] {
  const { batchSize, random, bucketBy, captionsPerImage = Infinity, poolBatches = 50 } = options;
  checkBatchSize(batchSize);
  const chosen = images.map(({ captions }) => {
    const indices = [...captions.keys()];
    if (indices.length <= captionsPerImage) return indices;
    return random.shuffle(indices).slice(0, captionsPerImage);
  });
  const lengths = images.map(({ captions }, image) =>
    Math.max(0, ...captions.filter((_, i) => chosen[image]?.includes(i)).map(bucketBy)),
  );
  const captionCount = chosen.reduce((sum, indices) => sum + indices.length, 0);
  const imagesPerBatch = Math.ceil((batchSize * images.length) / Math.max(captionCount, 1));
  const order = poolByLength(lengths, { random, poolSize: poolBatches * imagesPerBatch });

  const batches: ImageBatch[] = [];
  let batch: ImageBatch | undefined;
  for (const image of order) {
    const captions = chosen[image] ?? [];
    if (captions.length === 0) continue;
    if (batch === undefined || batch.captions.length + captions.length > batchSize) {
      batch = { images: [], owners: [], captions: [] };
      batches.push(batch);
    }
    batch.images.push(image);
    batch.owners.push(...captions.map(() => (batch?.images.length ?? 0) - 1));
    batch.captions.push(...captions);
  }
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
