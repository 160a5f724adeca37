import type { EncodedImage, EncoderDecoder, SourceBatch } from "@attend/decoding";
import { Module, type Parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import {
  type CaptionDecoder,
  type CaptionDecoderConfigInput,
  type CaptionState,
  createCaptionDecoder,
} from "../../src/index.ts";

/** Channels of the images: one for each token of the decoder-kit's vocabulary. */
const channels = 13;
const positions = 5;

/**
 * A caption decoder as an encoder-decoder, for the tests of the decoder-kit: the image of a source shows each of its
 * tokens at one position, and object `i` is the more likely the more often token `4 + i` is shown.
 */
export class ImageModel extends Module implements EncoderDecoder<EncodedImage, CaptionState> {
  readonly decoder: CaptionDecoder;
  readonly #objectWords: number;

  constructor(config: Omit<CaptionDecoderConfigInput, "memorySize">, random?: Random) {
    super();
    this.decoder = createCaptionDecoder({ ...config, memorySize: channels }, random);
    this.#objectWords = config.objectWords ?? 0;
  }

  override namedParameters(): Map<string, Parameter> {
    return this.decoder.namedParameters();
  }

  get vocabularySize(): number {
    return this.decoder.vocabularySize;
  }

  encode({ tokens, lengths }: SourceBatch): EncodedImage {
    return tf.tidy(() => {
      const valid = tf.less(
        tf.range(0, tokens.shape[1], 1, "int32"),
        tf.tensor2d([...lengths], [lengths.length, 1], "int32"),
      );
      const oneHot = tf.oneHot(tokens, channels);
      const shown: tf.Tensor3D = tf.mul(oneHot, tf.expandDims(tf.cast(valid, "int32"), 2));
      const map = tf.pad(tf.cast(shown, "float32"), [
        [0, 0],
        [0, positions - tokens.shape[1]],
        [0, 0],
      ]);
      const counts: tf.Tensor2D = tf.sum(map, 1);
      const objects: tf.Tensor2D = tf.slice(counts, [0, 4], [-1, this.#objectWords]);
      return {
        map,
        pooled: tf.div(counts, positions),
        ...(this.#objectWords > 0 && { objects: tf.log(tf.add(tf.mul(objects, 0.2), 0.01)) }),
      };
    });
  }

  start(encoding: EncodedImage, options?: { random?: Random | undefined }): CaptionState {
    return this.decoder.start(encoding, options);
  }

  step(tokens: tf.Tensor1D, state: CaptionState) {
    return this.decoder.step(tokens, state);
  }

  features(tokens: tf.Tensor2D, state: CaptionState, options?: { random?: Random | undefined }) {
    return this.decoder.features(tokens, state, options);
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.decoder.project(features);
  }

  reorder(state: CaptionState, rows: tf.Tensor1D): CaptionState {
    return this.decoder.reorder(state, rows);
  }
}
