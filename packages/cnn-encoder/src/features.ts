import { join } from "node:path";
import { createFeatureCacheWriter, type FeatureCache, openFeatureCache } from "@attend/datasets";
import { fingerprint } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
import { type Augmentation, augment, augmentationSchema } from "./images/augment.ts";
import { loadImage } from "./images/load-image.ts";
import { toInput } from "./images/to-input.ts";

/**
 * Reads the features of photos (their indices among the examples) as `[photos, positions, channels]`, which
 * the caller disposes; with `random`, as training varies them.
 */
export type ReadFeatures = (photos: readonly number[], random?: Random) => Promise<tf.Tensor3D>;

/** A photo whose features are wanted. */
export interface FeatureRequest {
  readonly file: string;
  /** The photo's mirror image besides. */
  readonly mirrored: boolean;
}

/** Photos that are encoded at once. */
const batchSize = 32;

/**
 * Encodes photos once and keeps their maps on disk, below `directory` in a folder of the encoder's
 * own: another encoder or size gets another. Goes on where an interrupted run ended.
 *
 * @param options.onProgress is told how many maps are there, of how many
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
    const whole = await openFeatureCache(folder, kind).catch(() => undefined);
    if (whole !== undefined) {
      if (rows.every((row) => whole.has(row))) return whole;
      await whole.close();
    }
    const writer = await createFeatureCacheWriter(folder, kind);
    try {
      const lacking = rows.filter((row) => !writer.has(row));
      let pending = loadRows(lacking.slice(0, batchSize), imageSize);
      for (let at = 0; at < lacking.length; at += batchSize) {
        if (options?.signal?.aborted) {
          const message = `interrupted after ${writer.size} of ${rows.length} pictures were encoded; run the same command with --resume to go on`;
          throw new AttendError("INTERRUPTED", message);
        }
        const pixels = await pending;
        // Decodes the next photos while these are encoded.
        pending = loadRows(lacking.slice(at + batchSize, at + 2 * batchSize), imageSize);
        pending.catch(() => {}); // awaited in the next round
        const map = tf.tidy(() => folded.encode(toInput(pixels, imageSize)).map);
        await writer.append(lacking.slice(at, at + batchSize), map.dataSync<"float32">());
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

/** Reads cached maps of `files`; with `random` each as it is or mirrored, by chance. */
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

/** Encodes `files` at every read, with the encoder's weights of now; with `random` the photos are varied. */
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
      const chosen = photos.map((photo) => files[photo] ?? "");
      const pixels =
        random === undefined
          ? await loadRows(chosen, imageSize)
          : await loadVaried(chosen, imageSize, random, augmentation);
      return tf.tidy(() => folded.encode(toInput(pixels, imageSize)).map);
    },
    dispose: () => folded.dispose(),
  };
}

/** Photos as pixels, each varied by a generator of its own. */
export function loadVaried(
  files: readonly string[],
  size: number,
  random: Random,
  augmentation: Augmentation,
): Promise<Uint8Array[]> {
  const draws = files.map((file) => ({ file, own: random.fork() }));
  return Promise.all(
    draws.map(async ({ file, own }) => {
      const { pixels } = await loadImage(file, { size });
      return augment(pixels, size, own, augmentation);
    }),
  );
}

const mirrorMark = "#mirrored";

/** What a cache calls the features of a photo or of its mirror image. */
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

/** A square RGB picture with left and right exchanged. */
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
