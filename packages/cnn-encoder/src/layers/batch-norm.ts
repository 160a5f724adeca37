import { buffer, Module, type Parameter, parameter } from "@attend/nn";
import { tf } from "@attend/runtime";

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
    const { mean, variance } = tf.moments(input, [0, 1, 2]);
    const count = input.size / this.mean.size;
    this.#update(this.mean, mean as tf.Tensor1D, 1);
    this.#update(this.variance, variance as tf.Tensor1D, count / Math.max(1, count - 1));
    const factor = tf.mul(this.scale, tf.rsqrt(tf.add(variance, this.#epsilon)));
    return tf.add(tf.mul(tf.sub(input, mean), factor), this.offset);
  }

  #update(running: Parameter<tf.Rank.R1>, current: tf.Tensor1D, correction: number): void {
    tf.tidy(() => {
      const kept = tf.mul(running, 1 - this.#momentum);
      running.assign(tf.add(kept, tf.mul(current, this.#momentum * correction)));
    });
  }
}
