import {
  createEfficientNetLite,
  type EfficientNetLite,
  type EncodeOptions,
  encodingOf,
} from "@attend/cnn-encoder";
import type { EncodedImage } from "@attend/decoding";
import { Module } from "@attend/nn";
import { type AttentionDecoder, createAttentionDecoder } from "@attend/rnn-decoder";
import type { Random, tf } from "@attend/runtime";
import type { CaptionerConfig } from "./config.ts";
import { type Objects, withObjects } from "./objects.ts";

/** A caption is never empty; an untrained model would otherwise end it right away. */
export const minLength = 1;

/** Image encoder and caption decoder. */
export class CaptioningNetwork extends Module {
  readonly encoder: EfficientNetLite;
  readonly decoder: AttentionDecoder;
  readonly #objects: Objects | undefined;

  /** @param random initializes the decoder; all other weights are zero, to be loaded later */
  constructor(config: CaptionerConfig, vocabularySize: number, random?: Random) {
    super();
    const { encoder, objects, decoder } = config;
    this.encoder = createEfficientNetLite({
      variant: encoder.variant,
      classifier: objects !== undefined,
    });
    const memorySize = this.encoder.channels;
    const objectWords = Object.keys(objects ?? {}).length;
    const sizes = { vocabularySize, memorySize, objectWords };
    this.decoder = createAttentionDecoder({ ...decoder, ...sizes }, random);
    this.#objects = objects;
  }

  /** Encodes images `[photos, size, size, 3]`. Call it inside `tf.tidy`. */
  encode(images: tf.Tensor4D, options?: EncodeOptions): EncodedImage {
    return withObjects(this.encoder.encode(images, options), this.encoder, this.#objects);
  }

  /** The encoding with the feature map `[photos, positions, channels]`. Call it inside `tf.tidy`. */
  encodingOf(map: tf.Tensor3D): EncodedImage {
    return withObjects(encodingOf(map), this.encoder, this.#objects);
  }
}
