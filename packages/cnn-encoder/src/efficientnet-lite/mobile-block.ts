import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { Convolution, type ConvolutionConfig } from "../layers/convolution.ts";
import { freeUnrecorded } from "../layers/unrecorded.ts";
import type { BlockConfig } from "./config.ts";

type NormConfig = Pick<ConvolutionConfig, "folded" | "epsilon" | "momentum">;

/** Inverted residual block (Sandler et al. 2018): expand, depthwise convolution, project, add the input. */
export class MobileBlock extends Module {
  /** Undefined if the expansion is 1. */
  readonly expand: Convolution | undefined;
  readonly depthwise: Convolution;
  readonly project: Convolution;
  readonly #residual: boolean;

  constructor(config: BlockConfig, norm: NormConfig, random: Random | undefined) {
    super();
    const { expansion, kernelSize, stride, inChannels, outChannels } = config;
    const wide = inChannels * expansion;
    const pointwise = { ...norm, kernelSize: 1, stride: 1, depthwise: false };
    this.expand =
      expansion === 1
        ? undefined
        : new Convolution(
            { ...pointwise, inChannels, outChannels: wide, activation: "relu6" },
            random,
          );
    const filter = { ...norm, kernelSize, stride, inChannels: wide, outChannels: wide };
    this.depthwise = new Convolution({ ...filter, depthwise: true, activation: "relu6" }, random);
    this.project = new Convolution(
      { ...pointwise, inChannels: wide, outChannels, activation: "linear" },
      random,
    );
    this.#residual = stride === 1 && inChannels === outChannels;
  }

  /** `[batch, height, width, inChannels] -> [batch, height / stride, width / stride, outChannels]` */
  forward(input: tf.Tensor4D, options?: { batchStatistics?: boolean }): tf.Tensor4D {
    const wide = this.expand === undefined ? input : this.expand.forward(input, options);
    const filtered = this.depthwise.forward(wide, options);
    if (wide !== input) freeUnrecorded(wide);
    const output = this.project.forward(filtered, options);
    freeUnrecorded(filtered);
    if (!this.#residual) return output;
    const sum: tf.Tensor4D = tf.add(output, input);
    freeUnrecorded(output);
    return sum;
  }

  convolutions(): Convolution[] {
    const { expand, depthwise, project } = this;
    return expand === undefined ? [depthwise, project] : [expand, depthwise, project];
  }
}
