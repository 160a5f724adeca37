import { type Augmentation, type ImageEncoding, loadImage, toInput } from "@attend/cnn-encoder";
import { loadAugmented } from "@attend/cnn-encoder/features";
import { type Random, tf } from "@attend/runtime";
import type { Image } from "@attend/vqa-fusion";

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

/** Different photos, and which of them each question is about; the caller, or `tf.tidy`, disposes `of`. */
export function photosOf(encoding: ImageEncoding, photos: readonly number[]): Image {
  return { ...encoding, of: tf.tensor1d([...photos], "int32") };
}
