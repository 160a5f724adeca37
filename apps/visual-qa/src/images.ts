import { type ImageEncoding, loadImage, toInput } from "@attend/cnn-encoder";
import { tf } from "@attend/runtime";

/** The pixels of photos, `[photos, size, size, 3]`; the caller disposes them. */
export async function readPhotos(files: readonly string[], size: number): Promise<tf.Tensor4D> {
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
