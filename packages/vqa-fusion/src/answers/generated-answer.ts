import type { EncodedImage } from "@attend/decoding";
import { Linear, Module } from "@attend/nn";
import {
  type AttentionDecoder,
  type AttentionDecoderConfigInput,
  createAttentionDecoder,
} from "@attend/rnn-decoder";
import { type Random, tf } from "@attend/runtime";
import type { Image } from "../fusion.ts";

/** Answers in words that no class has: a decoder that starts from the joint vector and attends to the image. */
export class GeneratedAnswer extends Module {
  readonly joint: Linear;
  readonly decoder: AttentionDecoder;

  /**
   * @param size of the joint vector: a fusion's `size`
   * @param config of the decoder; its `memorySize` is the image's number of channels
   * @param random initializes the weights; without it they are zero, to be loaded
   * @throws AttendError BAD_CONFIG naming each invalid key
   */
  constructor(size: number, config: AttentionDecoderConfigInput, random?: Random) {
    super();
    this.decoder = createAttentionDecoder(config, random);
    this.joint = new Linear(size, config.memorySize, random);
  }

  /**
   * What the decoder starts from: the image's map, and the joint vector in place of the map's mean.
   *
   * @param joint `[rows, size]`
   * @returns `map` is the image's own unless its `of` repeats images; the caller, or the `tf.tidy` around it, owns the
   *   rest
   */
  encode(joint: tf.Tensor2D, { map, of }: Image): EncodedImage {
    const own = of === undefined ? map : tf.gather(map, of);
    return { map: own, pooled: this.joint.forward(joint) };
  }
}
