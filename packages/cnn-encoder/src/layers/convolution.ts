import { heNormal, Module, type Parameter, parameter, zeros } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { activate, activatedConv, type ConvGeometry, plainConv } from "./activated-conv.ts";
import { BatchNorm } from "./batch-norm.ts";

export interface ConvolutionConfig extends ConvGeometry {
  readonly kernelSize: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** True: kernel and bias; false: kernel and batch norm. */
  readonly folded: boolean;
  readonly epsilon: number;
  readonly momentum: number;
}

/** Convolution, batch norm (or the bias it was folded into), activation. */
export class Convolution extends Module {
  /** `[k, k, inChannels, outChannels]`, depthwise `[k, k, channels, 1]`. */
  readonly kernel: Parameter<tf.Rank.R4>;
  /** Unfolded only. */
  readonly norm: BatchNorm | undefined;
  /** `[outChannels]`; folded only. */
  readonly bias: Parameter<tf.Rank.R1> | undefined;
  readonly #config: ConvolutionConfig;

  /** @param random initializes the kernel; without it the kernel is zero, to be loaded */
  constructor(config: ConvolutionConfig, random: Random | undefined) {
    super();
    const { kernelSize: k, inChannels, outChannels, depthwise } = config;
    const shape: [number, number, number, number] = [k, k, inChannels, depthwise ? 1 : outChannels];
    this.kernel = parameter(initialKernel(shape, depthwise, random));
    this.norm = config.folded ? undefined : new BatchNorm(outChannels, config);
    this.bias = config.folded ? parameter(tf.zeros<tf.Rank.R1>([outChannels])) : undefined;
    this.#config = config;
  }

  /** `[batch, height, width, inChannels] -> [batch, ceil(height / stride), ..., outChannels]` */
  forward(input: tf.Tensor4D, options?: { batchStatistics?: boolean }): tf.Tensor4D {
    const { kernelSize, stride } = this.#config;
    // TensorFlow's gradient of a strided 1 x 1 kernel corrupts memory if batches differ in size (2.15, oneDNN).
    const isSampled = kernelSize === 1 && stride > 1;
    const x = isSampled ? subsample(input, stride) : input;
    const config = isSampled ? { ...this.#config, stride: 1 } : this.#config;
    if (this.norm !== undefined && options?.batchStatistics === true) {
      const normalized = this.norm.forwardBatch(plainConv(x, this.kernel, config));
      return activate(normalized, config.activation);
    }
    const { kernel, bias } = this.folded();
    return activatedConv(x, kernel, bias, config);
  }

  /** Kernel and bias with batch norm folded in: new tensors, or the parameters if already folded. */
  folded(): { kernel: tf.Tensor4D; bias: tf.Tensor1D } {
    if (this.bias !== undefined) return { kernel: this.kernel, bias: this.bias };
    if (this.norm === undefined) throw new TypeError("a convolution has a bias or a batch norm");
    const { factor, bias } = this.norm.affine();
    const perFilter = this.#config.depthwise ? tf.reshape(factor, [-1, 1]) : factor;
    return { kernel: tf.mul(this.kernel, perFilter), bias };
  }

  /** Copies the folded weights of `source` into this folded convolution. */
  assignFolded(source: Convolution): void {
    tf.tidy(() => {
      const { kernel, bias } = source.folded();
      this.kernel.assign(kernel);
      this.bias?.assign(bias);
    });
  }
}

/** Every `stride`-th row and column, from the first: `[batch, ceil(height / stride), ceil(width / stride), channels]`. */
function subsample(input: tf.Tensor4D, stride: number): tf.Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const padded = tf.pad(input, [
    [0, 0],
    [0, rows * stride - height],
    [0, columns * stride - width],
    [0, 0],
  ]);
  const byRow = tf.reshape(padded, [batch * rows, stride, columns * stride * channels]);
  const first = tf.slice(byRow, [0, 0, 0], [-1, 1, -1]);
  const byColumn: tf.Tensor4D = tf.reshape(first, [batch, rows, columns, stride * channels]);
  return tf.slice(byColumn, [0, 0, 0, 0], [-1, -1, -1, channels]);
}

function initialKernel(
  shape: [number, number, number, number],
  depthwise: boolean,
  random: Random | undefined,
): tf.Tensor4D {
  if (random === undefined) return zeros<tf.Rank.R4>(shape);
  if (!depthwise) return heNormal(random)<tf.Rank.R4>(shape);
  // The fan-in of a depthwise filter is its window.
  const [height, width, channels] = shape;
  const filters = heNormal(random)<tf.Rank.R4>([height, width, 1, channels]);
  const kernel = tf.reshape(filters, shape) as tf.Tensor4D;
  filters.dispose();
  return kernel;
}
