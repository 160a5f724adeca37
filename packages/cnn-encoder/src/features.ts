import { join } from "node:path";
import {
  completeFeatureCache,
  type FeatureCache,
  type FeatureKind,
  type FeatureRows,
} from "@attend/datasets";
import { fingerprint } from "@attend/nn";
import { type Random, tf, yieldTurn } from "@attend/runtime";
import { classCount } from "./efficientnet-lite/config.ts";
import type { EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
import { type Augmentation, augment, augmentationSchema } from "./images/augment.ts";
import { type Fit, loadImage } from "./images/load-image.ts";
import { toInput } from "./images/to-input.ts";

/**
 * Reads the feature maps of photos, given by their indices, as `[photos, positions, channels]`; the
 * caller disposes them. With `random`, the photos are augmented for training.
 */
export type ReadFeatures = (photos: readonly number[], random?: Random) => Promise<tf.Tensor3D>;

/** A photo to encode. */
export interface FeatureRequest {
  readonly file: string;
  /** Encodes its mirror image as well. */
  readonly mirrored: boolean;
}

/** Photos per batch. */
const batchSize = 32;

/**
 * Encodes photos once and caches their feature maps on disk, in a subfolder of `directory` for this
 * encoder and size. Continues an interrupted run.
 *
 * @throws AttendError INTERRUPTED if `signal` is aborted; the errors of `loadImage`
 */
export async function cacheFeatures(
  encoder: EfficientNetLite,
  imageSize: number,
  requests: readonly FeatureRequest[],
  directory: string,
  options: CacheOptions = {},
): Promise<FeatureCache> {
  const folded = encoder.fold();
  try {
    const positions = Math.ceil(imageSize / 32) ** 2;
    const key = `${fingerprint(folded)}-${imageSize}`;
    const rows = requests.flatMap(({ file, mirrored }) =>
      mirrored ? [rowOf(file, false), rowOf(file, true)] : [rowOf(file, false)],
    );
    const kind = { key, shape: [positions, encoder.channels] as const };
    const mapOf = (images: tf.Tensor4D) => folded.encode(images).map;
    return await cacheRows(join(directory, key), kind, rows, imageSize, mapOf, options);
  } finally {
    folded.dispose();
  }
}

/**
 * Caches the logits of photos' classes on disk, in `folder`, as they are before the encoder is trained: what is there
 * is kept, whatever has become of the encoder since. Continues an interrupted run.
 *
 * @param encoder with a classifier
 * @throws AttendError like {@link cacheFeatures}
 */
export async function cacheClasses(
  encoder: EfficientNetLite,
  imageSize: number,
  files: readonly string[],
  folder: string,
  options: CacheOptions = {},
): Promise<{
  /** The logits of photos by index, `[photos, classes]`; the caller disposes them. */
  read: (photos: readonly number[]) => Promise<tf.Tensor2D>;
  /** Closes the cache's file. */
  close: () => Promise<void>;
}> {
  const folded = encoder.fold();
  try {
    const kind = { key: `classes-${imageSize}`, shape: [1, classCount] as const };
    const classify = (images: tf.Tensor4D) => folded.classify(images);
    const cache = await cacheRows(folder, kind, files, imageSize, classify, options);
    return {
      read: async (photos) => {
        const rows = photos.map((photo) => cache.rowOf(files[photo] ?? ""));
        return tf.tensor2d(await cache.read(rows), [rows.length, classCount]);
      },
      close: () => cache.close(),
    };
  } finally {
    folded.dispose();
  }
}

/** Options of a cache. */
export interface CacheOptions {
  /** Called with the number of cached photos and the total. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

async function cacheRows(
  folder: string,
  kind: FeatureKind,
  rows: readonly string[],
  imageSize: number,
  compute: (images: tf.Tensor4D) => tf.Tensor,
  { signal, onProgress }: CacheOptions,
): Promise<FeatureCache> {
  async function* encode(missing: readonly string[]): AsyncGenerator<FeatureRows> {
    let pending = loadRows(missing.slice(0, batchSize), imageSize);
    for (let at = 0; at < missing.length; at += batchSize) {
      await yieldTurn(signal);
      const pixels = await pending;
      // Decodes the next photos while these are encoded.
      pending = loadRows(missing.slice(at + batchSize, at + 2 * batchSize), imageSize);
      pending.catch(() => {}); // awaited in the next iteration
      const computed = tf.tidy(() => compute(toInput(pixels, imageSize)));
      const features = computed.dataSync<"float32">();
      computed.dispose();
      yield { ids: missing.slice(at, at + batchSize), features };
    }
    await pending;
  }
  return completeFeatureCache(folder, kind, rows, encode, onProgress);
}

/** Reads cached maps of `files`; with `random` each is mirrored with probability 1/2. */
export function featureReader(cache: FeatureCache, files: readonly string[]): ReadFeatures {
  const [positions, channels] = cache.shape;
  return async (photos, random) => {
    const rows = photos.map((photo) => {
      const mirrored = random !== undefined && random.uniform() < 0.5;
      return cache.rowOf(rowOf(files[photo] ?? "", mirrored));
    });
    return tf.tensor3d(await cache.read(rows), [rows.length, positions, channels]);
  };
}

/**
 * Encodes `files` at every read, with the current weights; with `random` the photos are augmented, and else fitted as
 * `fit` says.
 */
export function freshReader(
  encoder: EfficientNetLite,
  imageSize: number,
  files: readonly string[],
  augmentation: Augmentation = augmentationSchema.parse({}),
  fit?: Fit,
): {
  read: ReadFeatures;
  /** Frees the folded encoder. */
  dispose(): void;
} {
  const folded = encoder.fold();
  return {
    async read(photos, random) {
      const paths = photos.map((photo) => files[photo] ?? "");
      const pixels =
        random === undefined
          ? await loadRows(paths, imageSize, fit)
          : await loadAugmented(paths, imageSize, random, augmentation);
      return tf.tidy(() => folded.encode(toInput(pixels, imageSize)).map);
    },
    dispose: () => folded.dispose(),
  };
}

/** The pixels of photos, each augmented with its own random generator. */
export function loadAugmented(
  files: readonly string[],
  size: number,
  random: Random,
  augmentation: Augmentation,
): Promise<Uint8Array[]> {
  const generators = files.map(() => random.fork());
  return Promise.all(
    generators.map(async (generator, i) => {
      const { pixels } = await loadImage(files[i] ?? "", { size });
      return augment(pixels, size, generator, augmentation);
    }),
  );
}

const mirrorMark = "#mirrored";

/** The cache key of a photo or its mirror image. */
function rowOf(file: string, mirrored: boolean): string {
  return mirrored ? `${file}${mirrorMark}` : file;
}

function loadRows(rows: readonly string[], size: number, fit?: Fit): Promise<Uint8Array[]> {
  return Promise.all(
    rows.map(async (row) => {
      const mirrored = row.endsWith(mirrorMark);
      const file = mirrored ? row.slice(0, -mirrorMark.length) : row;
      const { pixels } = await loadImage(file, { size, fit });
      return mirrored ? mirrorPixels(pixels, size) : pixels;
    }),
  );
}

/** A square RGB picture, flipped horizontally. */
export function mirrorPixels(pixels: Uint8Array, size: number): Uint8Array {
  const mirrored = new Uint8Array(pixels.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = 3 * (y * size + x);
      mirrored.set(pixels.subarray(from, from + 3), 3 * (y * size + (size - 1 - x)));
    }
  }
  return mirrored;
}
