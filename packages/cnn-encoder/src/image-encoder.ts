import type { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";

/**
 * The output of an encoder; the caller disposes both tensors. A type rather than an interface, so
 * that `tf.tidy` may return it.
 */
export type ImageEncoding = {
  /** `[batch, positions, channels]`: the last feature map, in row-major order. */
  readonly map: tf.Tensor3D;
  /** `[batch, channels]`: the mean of the map over its positions. */
  readonly pooled: tf.Tensor2D;
};

/** Training options of {@link ImageEncoder.encode}. */
export interface EncodeOptions {
  /**
   * The first block whose parameters receive gradients; the stem and the blocks before it are not
   * recorded, which saves memory and time. 0 (default): everything is recorded. The number of
   * blocks: only what follows the last block.
   */
  readonly trainableFrom?: number;
  /**
   * True: batch norm uses the statistics of this batch and updates the running ones, as in training
   * from scratch. False (default): it uses the running statistics and does not update them.
   */
  readonly batchStatistics?: boolean;
}

/** A convolutional network that encodes an image as a feature map. */
export interface ImageEncoder extends Module {
  /** Width and height of the images that the network is designed for, in pixels. */
  readonly imageSize: number;
  /** Channels of the feature map. */
  readonly channels: number;
  /**
   * Encodes images.
   *
   * @param images `[batch, height, width, 3]` from `toInput` (1 channel if so configured)
   */
  encode(images: tf.Tensor4D, options?: EncodeOptions): ImageEncoding;
}
