import { Linear, Module } from "@attend/nn";
import { createRandom, type tf } from "@attend/runtime";
import { MobileBlock } from "../src/efficientnet-lite/mobile-block.ts";
import { encodeThrough } from "../src/encode.ts";
import type { EncodeOptions, ImageEncoding } from "../src/image-encoder.ts";
import { Convolution } from "../src/layers/convolution.ts";

export type Stage = readonly [
  expansion: number,
  kernelSize: number,
  stride: number,
  channels: number,
  repeats: number,
];

/** An EfficientNet-Lite of any size, from the parts of the real one; one block per stage. */
export class TinyNetwork extends Module {
  readonly stem: Convolution;
  readonly blocks: readonly MobileBlock[];
  readonly head: Convolution;
  readonly classifier: Linear;

  constructor(stages: readonly Stage[]) {
    super();
    const random = createRandom(1);
    const norm = { folded: false, epsilon: 1e-3, momentum: 0.01 };
    const ends = { ...norm, depthwise: false, activation: "relu6" as const };
    let inChannels = 8;
    this.stem = new Convolution(
      { ...ends, kernelSize: 3, stride: 2, inChannels: 3, outChannels: inChannels },
      random,
    );
    this.blocks = stages.map(([expansion, kernelSize, stride, outChannels]) => {
      const config = { expansion, kernelSize, stride, inChannels, outChannels };
      inChannels = outChannels;
      return new MobileBlock(config, norm, random);
    });
    this.head = new Convolution(
      { ...ends, kernelSize: 1, stride: 1, inChannels, outChannels: 12 },
      random,
    );
    this.classifier = new Linear(12, 5, random);
  }

  encode(images: tf.Tensor4D, options?: EncodeOptions): ImageEncoding {
    const { stem, blocks, head } = this;
    return encodeThrough({ stem, blocks, tail: head }, images, options);
  }
}
