import { dropout, LayerNorm, Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { LayerConfig } from "./config.ts";

/**
 * Residual connection, dropout and layer normalization around a sublayer: `x + f(norm(x))` or
 * `norm(x + f(x))`.
 */
export class Residual extends Module {
  readonly norm: LayerNorm;
  readonly #normFirst: boolean;
  readonly #dropout: number;

  constructor(config: LayerConfig) {
    super();
    this.norm = new LayerNorm(config.size, { epsilon: config.normEpsilon });
    this.#normFirst = config.norm === "pre";
    this.#dropout = config.dropout;
  }

  around<T extends tf.Tensor>(input: T, sublayer: (input: T) => T, random?: Random): T {
    return this.after(input, sublayer(this.before(input)), random);
  }

  /** The input of the sublayer. */
  before<T extends tf.Tensor>(input: T): T {
    return this.#normFirst ? this.norm.forward(input) : input;
  }

  /** The result, given the output of the sublayer. */
  after<T extends tf.Tensor>(input: T, output: T, random?: Random): T {
    const sum = tf.add<T>(input, dropout(output, this.#dropout, random));
    return this.#normFirst ? sum : this.norm.forward(sum);
  }
}

/** The feed-forward network `W_2 f(W_1 x + b_1) + b_2` (Vaswani et al. 2017, eq. 2). */
export class FeedForward extends Module {
  readonly inner: Linear;
  readonly outer: Linear;
  readonly #activation: LayerConfig["activation"];
  readonly #dropout: number;

  constructor(config: LayerConfig, random: Random | undefined) {
    super();
    const { size, feedForwardSize, activation, activationDropout } = config;
    this.inner = new Linear(size, feedForwardSize, random);
    this.outer = new Linear(feedForwardSize, size, random);
    this.#activation = activation;
    this.#dropout = activationDropout;
  }

  forward<T extends tf.Tensor>(input: T, random?: Random): T {
    const active = this.inner.forward(input, { activation: this.#activation });
    return this.outer.forward(dropout(active, this.#dropout, random));
  }
}
