import { MultiHeadAttention } from "@attend/attention";
import { Module } from "@attend/nn";
import {
  type DecoderLayerMemory,
  type DecoderLayerWeights,
  fusedDecoderLayerStep,
  type Random,
  tf,
} from "@attend/runtime";
import type { LayerConfig } from "./config.ts";
import type { Positions } from "./positions.ts";
import { FeedForward, Residual } from "./sublayer.ts";

interface LayerOptions {
  readonly positions: Positions;
  readonly random?: Random | undefined;
}

/** Self-attention, then the feed-forward network. */
export class EncoderLayer extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor(config: LayerConfig, random: Random | undefined) {
    super();
    this.attention = createAttention(config, random);
    this.attentionResidual = new Residual(config);
    this.feedForward = new FeedForward(config, random);
    this.feedForwardResidual = new Residual(config);
  }

  /**
   * @param input `[rows, positions, size]`
   * @returns `output` like `input`; `weights`, `[rows, heads, positions, positions]`
   */
  forward(input: tf.Tensor3D, lengths: tf.Tensor1D, { positions, random }: LayerOptions) {
    const normed = this.attentionResidual.before(input);
    const attended = selfAttention(this.attention, normed, { positions, random, lengths });
    const output = this.feedForwardResidual.around(
      this.attentionResidual.after(input, attended.output, random),
      (x) => this.feedForward.forward(x, random),
      random,
    );
    return { output, weights: attended.weights };
  }
}

/** Causal self-attention, attention to the source, then the feed-forward network. */
export class DecoderLayer extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionResidual: Residual;
  readonly cross: MultiHeadAttention;
  readonly crossResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;
  readonly #weights: DecoderLayerWeights;

  constructor(config: LayerConfig, random: Random | undefined) {
    super();
    this.attention = createAttention(config, random);
    this.attentionResidual = new Residual(config);
    this.cross = createAttention(config, random);
    this.crossResidual = new Residual(config);
    this.feedForward = new FeedForward(config, random);
    this.feedForwardResidual = new Residual(config);
    const { attention, cross, feedForward } = this;
    this.#weights = {
      heads: config.heads,
      normFirst: config.norm === "pre",
      epsilon: this.attentionResidual.norm.epsilon,
      activation: config.activation,
      norms: [this.attentionResidual.norm, this.crossResidual.norm, this.feedForwardResidual.norm],
      products: [
        ...[attention.memory, attention.query, attention.output],
        ...[cross.query, cross.output, feedForward.inner, feedForward.outer],
      ],
    };
  }

  /**
   * @param input `[rows, steps, size]`
   * @param source `[rows, positions, 2 size]`, from `cross.project`
   * @param lengths `[rows]`, of the source
   * @returns `output` like `input`; `weights` over the source, `[rows, heads, steps, positions]`
   */
  forward(
    input: tf.Tensor3D,
    source: tf.Tensor3D,
    lengths: tf.Tensor1D,
    { positions, random }: LayerOptions,
  ) {
    const target = this.attentionResidual.around(
      input,
      (x) => selfAttention(this.attention, x, { positions, random, causal: true }).output,
      random,
    );
    const query = this.cross.query.forward(this.crossResidual.before(target));
    const context = this.cross.attend(query, source, { lengths, random });
    const output = this.feedForwardResidual.around(
      this.crossResidual.after(target, context.output, random),
      (x) => this.feedForward.forward(x, random),
      random,
    );
    return { output, weights: context.weights };
  }

  /**
   * One step.
   *
   * @param input `[rows, size]`
   * @returns `target` with the keys and values of this step appended; `weights` over the source,
   *   `[rows, heads, positions]`
   */
  step(input: tf.Tensor2D, cache: DecoderLayerMemory, positions: Positions) {
    if (!positions.rotates) {
      const fused = fusedDecoderLayerStep(input, cache, this.#weights);
      if (fused !== undefined) return fused;
    }
    const step = cache.targetSlots.shape[1] - 1;
    const rotate = (x: tf.Tensor2D): tf.Tensor2D =>
      !positions.rotates ? x : tf.reshape(positions.rotate(tf.expandDims(x, 1), step), x.shape);
    const normed = this.attentionResidual.before(input);
    const keysAndValues = rotateKeys(this.attention.project(normed), positions, rotate);
    const target = tf.concat([cache.target, keysAndValues]);
    const query = rotate(this.attention.query.forward(normed));
    const self = this.attention.step(query, target, cache.targetSlots).output;
    const hidden = this.attentionResidual.after(input, self);
    const cross = this.cross.query.forward(this.crossResidual.before(hidden));
    const context = this.cross.step(cross, cache.source, cache.sourceSlots);
    const output = this.feedForwardResidual.around(
      this.crossResidual.after(hidden, context.output),
      (x) => this.feedForward.forward(x),
    );
    return { output, target, weights: context.weights };
  }
}

function createAttention(config: LayerConfig, random: Random | undefined) {
  const { size, heads, attentionDropout } = config;
  return new MultiHeadAttention({ size, heads, dropout: attentionDropout }, random);
}

function selfAttention(
  attention: MultiHeadAttention,
  input: tf.Tensor3D,
  { positions, ...options }: LayerOptions & { lengths?: tf.Tensor1D; causal?: boolean },
) {
  const rotate = (x: tf.Tensor3D) => positions.rotate(x, 0);
  const memory = rotateKeys(attention.project(input), positions, rotate);
  return attention.attend(rotate(attention.query.forward(input)), memory, options);
}

/** Rotates the keys, the first half of `memory`. */
function rotateKeys<T extends tf.Tensor>(
  memory: T,
  { rotates }: Positions,
  rotate: (keys: T) => T,
): T {
  if (!rotates) return memory;
  const [keys, values] = tf.split(memory, 2, memory.rank - 1) as [T, T];
  return tf.concat([rotate(keys), values], memory.rank - 1);
}
