import { buffer, Module, type Parameter, parameter } from "@attend/nn";
import { customGradient, tf } from "@attend/runtime";

/** Batch normalization over all axes but the last (Ioffe & Szegedy 2015). */
export class BatchNorm extends Module {
  /** `[channels]` */
  readonly scale: Parameter<tf.Rank.R1>;
  /** `[channels]` */
  readonly offset: Parameter<tf.Rank.R1>;
  /** `[channels]`, running; not trained. */
  readonly mean: Parameter<tf.Rank.R1>;
  /** `[channels]`, running; not trained. */
  readonly variance: Parameter<tf.Rank.R1>;
  readonly #epsilon: number;
  readonly #momentum: number;

  /** @param options `momentum`: the weight of a batch's statistics in the running ones */
  constructor(channels: number, options: { epsilon: number; momentum: number }) {
    super();
    this.scale = parameter(tf.ones<tf.Rank.R1>([channels]));
    this.offset = parameter(tf.zeros<tf.Rank.R1>([channels]));
    this.mean = buffer(tf.zeros<tf.Rank.R1>([channels]));
    this.variance = buffer(tf.ones<tf.Rank.R1>([channels]));
    this.#epsilon = options.epsilon;
    this.#momentum = options.momentum;
  }

  /**
   * With the running statistics batch norm is `factor * x + bias` per channel, both `[channels]` and
   * differentiable with respect to scale and offset. The preceding convolution folds them into its
   * kernel and bias, which saves a pass over the pixels.
   */
  affine(): { factor: tf.Tensor1D; bias: tf.Tensor1D } {
    const factor: tf.Tensor1D = tf.mul(this.scale, tf.rsqrt(tf.add(this.variance, this.#epsilon)));
    return { factor, bias: tf.sub(this.offset, tf.mul(this.mean, factor)) };
  }

  /**
   * Normalizes with the statistics of this batch and updates the running ones: the variance corrected
   * by n / (n - 1), as in PyTorch and TensorFlow.
   */
  forwardBatch(input: tf.Tensor4D): tf.Tensor4D {
    const channels = this.mean.size;
    const x: tf.Tensor2D = tf.reshape(input, [-1, channels]);
    const normalized = customGradient<tf.Tensor2D>(
      [x, this.scale, this.offset],
      () => {
        const { mean, variance } = tf.moments(x, 0);
        const count = input.size / channels;
        this.#update(this.mean, mean as tf.Tensor1D, 1);
        this.#update(this.variance, variance as tf.Tensor1D, count / Math.max(1, count - 1));
        const deviation = tf.sqrt(tf.add(variance, this.#epsilon));
        const factor = tf.div(this.scale, deviation);
        const bias = tf.sub(this.offset, tf.mul(mean, factor));
        const value: tf.Tensor2D = tf.add(tf.mul(x, factor), bias);
        return { value, saved: [x, this.scale, mean, deviation] };
      },
      batchGradient,
    );
    return tf.reshape(normalized, input.shape);
  }

  #update(running: Parameter<tf.Rank.R1>, current: tf.Tensor1D, correction: number): void {
    tf.tidy(() => {
      const kept = tf.mul(running, 1 - this.#momentum);
      running.assign(tf.add(kept, tf.mul(current, this.#momentum * correction)));
    });
  }
}

/**
 * The gradients with respect to input, scale and offset, through the batch's statistics (section 3 of the paper), with
 * few passes over the pixels: that of the input is a dy + b x + c, each of a, b and c `[channels]`.
 */
function batchGradient(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, scale, mean, deviation] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const count = dy.shape[0];
  const dOffset = tf.sum(dy, 0);
  const dScale = tf.div(tf.sub(tf.sum(tf.mul(dy, x), 0), tf.mul(mean, dOffset)), deviation);
  const a = tf.div(scale, deviation);
  const b = tf.neg(tf.div(tf.mul(a, dScale), tf.mul(deviation, count)));
  const c = tf.neg(tf.add(tf.div(tf.mul(a, dOffset), count), tf.mul(b, mean)));
  return [tf.add(tf.add(tf.mul(dy, a), tf.mul(x, b)), c), dScale, dOffset];
}
