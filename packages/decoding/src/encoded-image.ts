import { dropout } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";

/** The output of an image encoder: see `@attend/cnn-encoder`. A type, so that `tf.tidy` may return it. */
export type EncodedImage = {
  /** `[rows, positions, channels]` */
  readonly map: tf.Tensor3D;
  /** `[rows, channels]` */
  readonly pooled: tf.Tensor2D;
  /** The log-probability that the image shows what each object word names, finite, `[rows, objectWords]`. */
  readonly objects?: tf.Tensor2D;
};

/** @throws AttendError BAD_SHAPE if the image has other channels or objects than the decoder's config expects */
export function checkImage(
  { map, pooled, objects }: EncodedImage,
  { memorySize, objectWords }: { readonly memorySize: number; readonly objectWords: number },
): void {
  const [channels, pooledChannels] = [map.shape[2], pooled.shape[1]];
  if (channels !== memorySize || pooledChannels !== memorySize) {
    throw new AttendError(
      "BAD_SHAPE",
      `the encoding has ${channels} channels (pooled ${pooledChannels}), the decoder expects ${memorySize}`,
    );
  }
  const count = objects?.shape[1] ?? 0;
  if (count === objectWords) return;
  const message = `the encoding has ${count} objects, the decoder expects ${objectWords}`;
  throw new AttendError("BAD_SHAPE", message);
}

/**
 * Drops the same channels at all positions of an image and in its mean. Without `random` (inference) it returns
 * the encoding itself. Call it within `tf.tidy`.
 */
export function dropChannels(
  encoding: EncodedImage,
  rate: number,
  random: Random | undefined,
): EncodedImage {
  if (random === undefined || rate === 0) return encoding;
  const kept = dropout(tf.onesLike(encoding.pooled), rate, random);
  return {
    ...encoding,
    map: tf.mul(encoding.map, tf.expandDims(kept, 1)),
    pooled: tf.mul(encoding.pooled, kept),
  };
}
