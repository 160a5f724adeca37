import { AttendError, tf } from "@attend/runtime";

/**
 * Converts pictures to the input of an encoder: `(x - 127) / 128`.
 *
 * @param images raw pixels in row-major order, `size * size * 3` bytes each (or `size * size` for gray)
 * @returns `[batch, size, size, 3]` (or 1 channel); the caller disposes it
 * @throws AttendError BAD_SHAPE for a picture of another length, or if there are none
 */
export function toInput(images: readonly Uint8Array[], size: number): tf.Tensor4D {
  const length = images[0]?.length ?? 0;
  const channels = length / (size * size);
  if (channels !== 3 && channels !== 1) {
    throw new AttendError(
      "BAD_SHAPE",
      `${images.length} pictures, the first of ${length} bytes; expected at least one, of ${size} x ${size} pixels in 3 or 1 channels`,
    );
  }
  const values = new Float32Array(images.length * length);
  images.forEach((pixels, i) => {
    if (pixels.length !== length) {
      throw new AttendError(
        "BAD_SHAPE",
        `picture ${i} has ${pixels.length} bytes, the first has ${length}; load all at the same size`,
      );
    }
    const start = i * length;
    for (let j = 0; j < length; j++) values[start + j] = ((pixels[j] as number) - 127) / 128;
  });
  return tf.tensor4d(values, [images.length, size, size, channels]);
}
