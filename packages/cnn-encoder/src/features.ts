import { join } from "node:path";
import { createFeatureCacheWriter, type FeatureCache, openFeatureCache } from "@attend/datasets";
import { fingerprint } from "@attend/nn";
import { type Random, tf, yieldTurn } from "@attend/runtime";
import type { EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
import { type Augmentation, augment, augmentationSchema } from "./images/augment.ts";
import { loadImage } from "./images/load-image.ts";
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
 * @param options.onProgress called with the number of cached maps and the total
 * @throws AttendError INTERRUPTED if `signal` is aborted; the errors of `loadImage`
 */
export async function cacheFeatures(
  encoder: EfficientNetLite,
  imageSize: number,
  requests: readonly FeatureRequest[],
  directory: string,
  options?: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal },
): Promise<FeatureCache> {
  const folded = encoder.fold();
  const positions = Math.ceil(imageSize / 32) ** 2;
  const key = `${fingerprint(folded)}-${imageSize}`;
  const folder = join(directory, key);
  const kind = { key, shape: [positions, encoder.channels] as [number, number] };
  const rows = requests.flatMap(({ file, mirrored }) =>
    mirrored ? [rowOf(file, false), rowOf(file, true)] : [rowOf(file, false)],
  );
  try {
    const complete = await openFeatureCache(folder, kind).catch(() => undefined);
    if (complete !== undefined) {
      if (rows.every((row) => complete.has(row))) return complete;
      await complete.close();
    }
    const writer = await createFeatureCacheWriter(folder, kind);
    try {
      const missing = rows.filter((row) => !writer.has(row));
      let pending = loadRows(missing.slice(0, batchSize), imageSize);
      for (let at = 0; at < missing.length; at += batchSize) {
        await yieldTurn(options?.signal);
        const pixels = await pending;
        // Decodes the next photos while these are encoded.
        pending = loadRows(missing.slice(at + batchSize, at + 2 * batchSize), imageSize);
        pending.catch(() => {}); // awaited in the next iteration
        const map = tf.tidy(() => folded.encode(toInput(pixels, imageSize)).map);
        await writer.append(missing.slice(at, at + batchSize), map.dataSync<"float32">());
        map.dispose();
        options?.onProgress?.(writer.size, rows.length);
      }
      await pending;
    } catch (error) {
      await writer.close();
      throw error;
    }
    await writer.finish();
    return await openFeatureCache(folder, kind);
  } finally {
    folded.dispose();
  }
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

/** Encodes `files` at every read, with the current weights; with `random` the photos are augmented. */
export function freshReader(
  encoder: EfficientNetLite,
  imageSize: number,
  files: readonly string[],
  augmentation: Augmentation = augmentationSchema.parse({}),
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
          ? await loadRows(paths, imageSize)
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

function loadRows(rows: readonly string[], size: number): Promise<Uint8Array[]> {
  return Promise.all(
    rows.map(async (row) => {
      const mirrored = row.endsWith(mirrorMark);
      const file = mirrored ? row.slice(0, -mirrorMark.length) : row;
      const { pixels } = await loadImage(file, { size });
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
