import { type Augmentation, type ImageEncoding, loadImage, toInput } from "@attend/cnn-encoder";
import { loadAugmented } from "@attend/cnn-encoder/features";
import { type Random, tf } from "@attend/runtime";

/**
 * The pixels of photos, `[photos, size, size, 3]`; the caller disposes them.
 *
 * @param varied how they are varied, if they are
 */
export async function readPhotos(
  files: readonly string[],
  size: number,
  varied?: { readonly augmentation: Augmentation; readonly random: Random },
): Promise<tf.Tensor4D> {
  if (varied !== undefined) {
    const { augmentation, random } = varied;
    return toInput(await loadAugmented(files, size, random, augmentation), size);
  }
  const images = await Promise.all(files.map((file) => loadImage(file, { size })));
  return toInput(
    images.map(({ pixels }) => pixels),
    size,
  );
}

/** The photo of each question, out of an encoding of different photos. Call it inside `tf.tidy`. */
export function photosOf({ map, pooled }: ImageEncoding, photos: readonly number[]): ImageEncoding {
  const indices = tf.tensor1d([...photos], "int32");
  return { map: tf.gather(map, indices), pooled: tf.gather(pooled, indices) };
}
