import { MultiHeadAttention } from "@attend/attention";
import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TransformerConfig } from "./config.ts";
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

  constructor(config: TransformerConfig, random: Random | undefined) {
    super();
    this.attention = createAttention(config, random);
    this.attentionResidual = new Residual(config);
    this.feedForward = new FeedForward(config, random);
    this.feedForwardResidual = new Residual(config);
  }

  /** @param input `[rows, positions, size]` */
  forward(input: tf.Tensor3D, lengths: tf.Tensor1D, { positions, random }: LayerOptions) {
    const seen = this.attentionResidual.around(
      input,
      (x) => selfAttention(this.attention, x, { positions, random, lengths }),
      random,
    );
    return this.feedForwardResidual.around(
      seen,
      (x) => this.feedForward.forward(x, random),
      random,
    );
  }
}

/** Self-attention to what was said before, attention to the source, then the feed-forward network. */
export class DecoderLayer extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionResidual: Residual;
  readonly cross: MultiHeadAttention;
  readonly crossResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor(config: TransformerConfig, random: Random | undefined) {
    super();
    this.attention = createAttention(config, random);
    this.attentionResidual = new Residual(config);
    this.cross = createAttention(config, random);
    this.crossResidual = new Residual(config);
    this.feedForward = new FeedForward(config, random);
    this.feedForwardResidual = new Residual(config);
  }

  /**
   * @param input `[rows, steps, size]`
   * @param source `[rows, positions, 2 size]`, by `cross.project`
   * @param lengths `[rows]` of the source
   * @returns `output` like `input`; `weights` on the source, `[rows, heads, steps, positions]`
   */
  forward(
    input: tf.Tensor3D,
    source: tf.Tensor3D,
    lengths: tf.Tensor1D,
    { positions, random }: LayerOptions,
  ) {
    const said = this.attentionResidual.around(
      input,
      (x) => selfAttention(this.attention, x, { positions, random, causal: true }),
      random,
    );
    const cross = this.crossResidual.before(said);
    const options = { lengths, random };
    const looked = this.cross.attend(this.cross.query.forward(cross), source, options);
    const seen = this.crossResidual.after(said, looked.output, random);
    const output = this.feedForwardResidual.around(
      seen,
      (x) => this.feedForward.forward(x, random),
      random,
    );
    return { output, weights: looked.weights };
  }

  /**
   * One step.
   *
   * @param input `[rows, size]`
   * @param cache what was said: `said` `[slots, 2 size]`, of which `places` `[rows, steps]` are each row's,
   *   those of this step, which are appended, included; the source alike
   * @returns `said` with this step's rows behind the others; `weights` on the source, `[rows, heads, positions]`
   */
  step(
    input: tf.Tensor2D,
    cache: {
      readonly said: tf.Tensor2D;
      readonly places: tf.Tensor2D;
      readonly source: tf.Tensor2D;
      readonly sourcePlaces: tf.Tensor2D;
    },
    positions: Positions,
  ) {
    const step = cache.places.shape[1] - 1;
    const turn = (x: tf.Tensor2D): tf.Tensor2D =>
      !positions.turns ? x : tf.reshape(positions.turn(tf.expandDims(x, 1), step), x.shape);
    const own = this.attentionResidual.before(input);
    const said = tf.concat([cache.said, turnKeys(this.attention.project(own), positions, turn)]);
    const query = turn(this.attention.query.forward(own));
    const heard = this.attention.step(query, said, cache.places).output;
    const spoken = this.attentionResidual.after(input, heard);
    const cross = this.cross.query.forward(this.crossResidual.before(spoken));
    const looked = this.cross.step(cross, cache.source, cache.sourcePlaces);
    const seen = this.crossResidual.after(spoken, looked.output);
    const output = this.feedForwardResidual.around(seen, (x) => this.feedForward.forward(x));
    return { output, said, weights: looked.weights };
  }
}

function createAttention(config: TransformerConfig, random: Random | undefined) {
  const { size, heads, attentionDropout } = config;
  return new MultiHeadAttention({ size, heads, dropout: attentionDropout }, random);
}

function selfAttention(
  attention: MultiHeadAttention,
  input: tf.Tensor3D,
  { positions, ...options }: LayerOptions & { lengths?: tf.Tensor1D; causal?: boolean },
): tf.Tensor3D {
  const turn = (x: tf.Tensor3D) => positions.turn(x, 0);
  const memory = turnKeys(attention.project(input), positions, turn);
  return attention.attend(turn(attention.query.forward(input)), memory, options).output;
}

/** Turns the first half of keys and values. */
function turnKeys<T extends tf.Tensor>(memory: T, { turns }: Positions, turn: (keys: T) => T): T {
  if (!turns) return memory;
  const [keys, values] = tf.split(memory, 2, memory.rank - 1) as [T, T];
  return tf.concat([turn(keys), values], memory.rank - 1);
}
