import {
  createEfficientNetLite,
  type EfficientNetLite,
  type EncodeOptions,
  encodingOf,
} from "@attend/cnn-encoder";
import type { Decoder, DecoderState, EncodedImage } from "@attend/decoding";
import { Module } from "@attend/nn";
import { createAttentionDecoder } from "@attend/rnn-decoder";
import type { Random, tf } from "@attend/runtime";
import { createCaptionDecoder } from "@attend/transformer";
import type { CaptionerConfig } from "./config.ts";
import { type Objects, withObjects } from "./objects.ts";

/** A caption is never empty; an untrained model would otherwise end it right away. */
export const minLength = 1;

/** A decoder of any kind; its states are its own. */
export type CaptionDecoder = Module & Decoder<EncodedImage, DecoderState>;

/** Image encoder and caption decoder. */
export class CaptioningNetwork extends Module {
  readonly encoder: EfficientNetLite;
  readonly decoder: CaptionDecoder;
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
    this.decoder = createDecoder(decoder, { vocabularySize, memorySize, objectWords }, random);
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

function createDecoder(
  { kind, ...config }: CaptionerConfig["decoder"],
  sizes: Readonly<Record<"vocabularySize" | "memorySize" | "objectWords", number>>,
  random: Random | undefined,
): CaptionDecoder {
  if (kind === "transformer") return createCaptionDecoder({ ...config, ...sizes }, random);
  return createAttentionDecoder({ ...config, ...sizes }, random);
}
