import type { Module } from "@attend/nn";
import type { tf } from "@attend/runtime";

/** What an encoder makes of pictures. The caller disposes both. (A type, so that `tf.tidy` takes it.) */
export type ImageEncoding = {
  /** `[batch, positions, channels]`: the last map, row by row from the top left. */
  readonly map: tf.Tensor3D;
  /** `[batch, channels]`: the mean of the map over its positions. */
  readonly pooled: tf.Tensor2D;
};

/** How pictures are encoded: what is trained meanwhile. */
export interface EncodeOptions {
  /**
   * The first block whose parameters receive gradients; the stem and the blocks before it run
   * without being recorded, which saves their memory and time. 0 (default): everything is recorded.
   * The number of blocks: only what follows the last block.
   */
  readonly trainableFrom?: number;
  /**
   * True: batch norm uses the statistics of this batch and moves the running ones towards them, as in
   * training from scratch. False (default): the running statistics, which then stay as they are.
   */
  readonly batchStatistics?: boolean;
}

/** A convolutional network from a picture to a map of features. */
export interface ImageEncoder extends Module {
  /** Width and height of the pictures that the network was made for, in pixels. */
  readonly imageSize: number;
  /** Channels of the map. */
  readonly channels: number;
  /** `images`: `[batch, height, width, 3]` as `toInput` makes them (1 channel where so configured). */
  encode(images: tf.Tensor4D, options?: EncodeOptions): ImageEncoding;
}
