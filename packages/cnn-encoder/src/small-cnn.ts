import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { encodeThrough } from "./encode.ts";
import type { EncodeOptions, ImageEncoder, ImageEncoding } from "./image-encoder.ts";
import { Convolution, type ConvolutionConfig } from "./layers/convolution.ts";

export const smallCnnSchema = z.strictObject({
  /** Width and height of the images, in pixels. */
  imageSize: z.number().int().min(8).max(256).default(32),
  /** Channels of the images: 3 for RGB, 1 for gray. */
  inChannels: z.number().int().min(1).max(3).default(3),
  /** Channels of each stage; each stage after the first halves width and height. */
  widths: z.array(z.number().int().positive()).min(1).default([32, 64, 128]),
  blocksPerStage: z.number().int().positive().default(1),
  /** Weight of a batch's statistics in the update of the running ones. */
  momentum: z.number().gt(0).max(1).default(0.1),
});

/** Configuration of a {@link SmallCnn}; fields with a default may be omitted. */
export type SmallCnnOptions = z.input<typeof smallCnnSchema>;
/** Configuration of a {@link SmallCnn} with all defaults. */
export type SmallCnnConfig = z.output<typeof smallCnnSchema>;

/** A small residual network (He et al. 2016) for images of 28 to 64 pixels, to train from scratch. */
export class SmallCnn extends Module implements ImageEncoder {
  readonly stem: Convolution;
  readonly blocks: readonly ResidualBlock[];
  readonly channels: number;
  readonly imageSize: number;
  readonly #config: SmallCnnConfig;

  constructor(config: SmallCnnConfig, random?: Random) {
    super();
    const { inChannels, widths, blocksPerStage, momentum } = config;
    let width = widths[0] ?? 0; // the schema requires one
    this.stem = new Convolution({ ...convolution(inChannels, width, 3), momentum }, random);
    const blocks: ResidualBlock[] = [];
    widths.forEach((outChannels, stage) => {
      for (let i = 0; i < blocksPerStage; i++) {
        const stride = stage > 0 && i === 0 ? 2 : 1;
        blocks.push(new ResidualBlock(width, outChannels, stride, momentum, random));
        width = outChannels;
      }
    });
    this.blocks = blocks;
    this.channels = width;
    this.imageSize = config.imageSize;
    this.#config = config;
  }

  /** The config that the encoder was created with. */
  get config(): SmallCnnConfig {
    return this.#config;
  }

  /**
   * Encodes images.
   *
   * @param images `[batch, imageSize, imageSize, inChannels]` from `toInput`
   */
  encode(images: tf.Tensor4D, options?: EncodeOptions): ImageEncoding {
    return encodeThrough({ stem: this.stem, blocks: this.blocks }, images, options);
  }
}

/** Two convolutions and a shortcut, which is itself a convolution if the shape changes. */
class ResidualBlock extends Module {
  readonly first: Convolution;
  readonly second: Convolution;
  readonly shortcut: Convolution | undefined;

  constructor(
    inChannels: number,
    outChannels: number,
    stride: number,
    momentum: number,
    random: Random | undefined,
  ) {
    super();
    const linear = { activation: "linear" as const, momentum };
    this.first = new Convolution(
      { ...convolution(inChannels, outChannels, 3), stride, momentum },
      random,
    );
    this.second = new Convolution(
      { ...convolution(outChannels, outChannels, 3), ...linear },
      random,
    );
    this.shortcut =
      stride === 1 && inChannels === outChannels
        ? undefined
        : new Convolution(
            { ...convolution(inChannels, outChannels, 1), stride, ...linear },
            random,
          );
  }

  forward(input: tf.Tensor4D, options?: { batchStatistics?: boolean }): tf.Tensor4D {
    const residual = this.second.forward(this.first.forward(input, options), options);
    return tf.relu(tf.add(residual, this.shortcut?.forward(input, options) ?? input));
  }
}

function convolution(
  inChannels: number,
  outChannels: number,
  kernelSize: number,
): Omit<ConvolutionConfig, "momentum"> {
  return {
    inChannels,
    outChannels,
    kernelSize,
    stride: 1,
    depthwise: false,
    activation: "relu",
    folded: false,
    epsilon: 1e-5,
  };
}

/**
 * @param random initializes the weights; without it the kernels are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid field
 */
export function createSmallCnn(options: SmallCnnOptions, random?: Random): SmallCnn {
  return new SmallCnn(parseConfig(smallCnnSchema, options, "small CNN"), random);
}
