import { Linear, Module } from "@attend/nn";
import { AttendError, createRandom, type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { encodeThrough } from "../encode.ts";
import type { EncodeOptions, ImageEncoder, ImageEncoding } from "../image-encoder.ts";
import { Convolution } from "../layers/convolution.ts";
import {
  batchNormEpsilon,
  blocksOf,
  classCount,
  type EfficientNetLiteConfig,
  type EfficientNetLiteOptions,
  efficientNetLiteSchema,
  headChannels,
  imageSizeOf,
  stemChannels,
} from "./config.ts";
import { MobileBlock } from "./mobile-block.ts";

/**
 * EfficientNet-Lite (Tan & Le 2019 without squeeze-excitation and with ReLU6, as published for mobile
 * devices). The last feature map is `[7, 7, 1280]` for Lite0 at 224 pixels.
 */
export class EfficientNetLite extends Module implements ImageEncoder {
  readonly stem: Convolution;
  readonly blocks: readonly MobileBlock[];
  readonly head: Convolution;
  /** `[1280] -> [1000]`, if configured. */
  readonly classifier: Linear | undefined;
  readonly channels = headChannels;
  readonly imageSize: number;
  readonly #config: EfficientNetLiteConfig;

  constructor(config: EfficientNetLiteConfig, random?: Random) {
    super();
    const { folded, momentum } = config;
    const norm = { folded, momentum, epsilon: batchNormEpsilon };
    const blocks = blocksOf(config.variant);
    const ends = { ...norm, depthwise: false, activation: "relu6" as const };
    this.stem = new Convolution(
      { ...ends, kernelSize: 3, stride: 2, inChannels: 3, outChannels: stemChannels },
      random,
    );
    this.blocks = blocks.map((block) => new MobileBlock(block, norm, random));
    const inChannels = blocks.at(-1)?.outChannels ?? stemChannels;
    this.head = new Convolution(
      { ...ends, kernelSize: 1, stride: 1, inChannels, outChannels: headChannels },
      random,
    );
    this.classifier = config.classifier
      ? new Linear(headChannels, classCount, random ?? createRandom(0))
      : undefined;
    this.imageSize = imageSizeOf(config.variant);
    this.#config = config;
  }

  /** The config that the encoder was created with. */
  get config(): EfficientNetLiteConfig {
    return this.#config;
  }

  /**
   * @param images `[batch, imageSize, imageSize, 3]` from `toInput`; other sizes work and give a
   *   different number of positions
   * @throws AttendError BAD_ARGUMENT for batch statistics on a folded network
   */
  encode(images: tf.Tensor4D, options?: EncodeOptions): ImageEncoding {
    const { stem, blocks, head } = this;
    if (options?.batchStatistics === true && this.#config.folded) {
      throw new AttendError(
        "BAD_ARGUMENT",
        "a folded EfficientNet-Lite has no batch norm; train the unfolded one",
      );
    }
    return encodeThrough({ stem, blocks, tail: head }, images, options);
  }

  /**
   * @returns logits `[batch, 1000]` in the order of the sorted synsets; the caller disposes them
   * @throws AttendError BAD_ARGUMENT if the network has no classifier
   */
  classify(images: tf.Tensor4D, options?: EncodeOptions): tf.Tensor2D {
    const { classifier } = this;
    if (classifier === undefined) {
      throw new AttendError(
        "BAD_ARGUMENT",
        "this EfficientNet-Lite has no classifier; create it with classifier: true",
      );
    }
    return tf.tidy(() => classifier.forward(this.encode(images, options).pooled));
  }

  /** A new network with batch norm folded into the convolutions, equivalent for inference. */
  fold(): EfficientNetLite {
    const folded = new EfficientNetLite({ ...this.#config, folded: true });
    const sources = this.#convolutions();
    folded.#convolutions().forEach((target, i) => {
      const source = sources[i];
      if (source !== undefined) target.assignFolded(source);
    });
    if (this.classifier !== undefined) {
      folded.classifier?.kernel.assign(this.classifier.kernel);
      folded.classifier?.bias?.assign(this.classifier.bias ?? folded.classifier.bias);
    }
    return folded;
  }

  #convolutions(): Convolution[] {
    return [this.stem, ...this.blocks.flatMap((block) => block.convolutions()), this.head];
  }
}

/**
 * @param random initializes the weights; without it the kernels are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid field
 */
export function createEfficientNetLite(
  options: EfficientNetLiteOptions,
  random?: Random,
): EfficientNetLite {
  return new EfficientNetLite(
    parseConfig(efficientNetLiteSchema, options, "EfficientNet-Lite"),
    random,
  );
}
