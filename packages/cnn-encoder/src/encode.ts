import type { Module } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { EncodeOptions, ImageEncoding } from "./image-encoder.ts";
import { freeUnrecorded, unrecorded } from "./layers/unrecorded.ts";

interface Layer {
  forward(input: tf.Tensor4D, options?: { batchStatistics?: boolean }): tf.Tensor4D;
}

/** Runs images through `stem`, `blocks` and `tail`. */
export function encodeThrough(
  network: { stem: Layer; blocks: readonly Layer[]; tail?: Layer },
  images: tf.Tensor4D,
  { trainableFrom = 0, batchStatistics = false }: EncodeOptions = {},
): ImageEncoding {
  const { stem, blocks, tail } = network;
  const layers = [stem, ...blocks, ...(tail === undefined ? [] : [tail])];
  // The stem is frozen with the first block.
  const frozen = trainableFrom > 0 ? layers.slice(0, trainableFrom + 1) : [];
  return tf.tidy(() => {
    let x = images;
    if (frozen.length > 0) x = unrecorded(() => runLayers(frozen, images, {}));
    x = runLayers(layers.slice(frozen.length), x, { batchStatistics });
    const [batch, height, width, channels] = x.shape;
    return encodingOf(tf.reshape(x, [batch, height * width, channels]));
  });
}

/** Without a gradient, only one layer's input and output are in memory at a time. */
function runLayers(
  layers: readonly Layer[],
  input: tf.Tensor4D,
  options: { batchStatistics?: boolean },
): tf.Tensor4D {
  let x = input;
  for (const layer of layers) {
    const before = x;
    x = layer.forward(before, options);
    if (before !== input) freeUnrecorded(before);
  }
  return x;
}

/**
 * A feature map `[batch, positions, channels]` with its mean over the positions; `map` is the same tensor. The
 * caller, or the `tf.tidy` around it, owns `pooled`.
 */
export function encodingOf(map: tf.Tensor3D): ImageEncoding {
  return { map, pooled: tf.mean(map, 1) };
}

/**
 * Freezes the stem and the blocks before `block` and unfreezes the rest, to match `encode` with
 * `trainableFrom: block`: an optimizer then sees only parameters with a gradient.
 */
export function freezeBefore(
  encoder: Module & { readonly stem: Module; readonly blocks: readonly Module[] },
  block: number,
): void {
  encoder.setTrainable(true);
  if (block === 0) return;
  for (const part of [encoder.stem, ...encoder.blocks.slice(0, block)]) part.setTrainable(false);
}
