import { Linear, Module } from "@attend/nn";
import { multiHeadAttention, type Random, tf } from "@attend/runtime";
import type { ConvS2SConfig } from "./config.ts";
import { GatedConvolution, halfSum } from "./gated-convolution.ts";

/** Reads a source: convolutions with residual connections, each wider than the former by `width - 1` positions. */
export class ConvEncoder extends Module {
  readonly input: Linear;
  readonly convolutions: readonly GatedConvolution[];
  readonly output: Linear;

  constructor({ embeddingSize, encoder, dropout }: ConvS2SConfig, random: Random | undefined) {
    super();
    const { layers, size, width } = encoder;
    this.input = new Linear(embeddingSize, size, random);
    this.convolutions = Array.from(
      { length: layers },
      () => new GatedConvolution({ size, width, dropout }, random),
    );
    this.output = new Linear(size, embeddingSize, random);
  }

  /**
   * @param words `[rows, positions, embeddingSize]`
   * @param within `[rows, positions, 1]`: 1 where a source is, 0 behind its end
   * @returns like `words`
   */
  forward(words: tf.Tensor3D, within: tf.Tensor3D, random?: Random): tf.Tensor3D {
    let hidden = this.input.forward(words);
    for (const convolution of this.convolutions) {
      // What pads a source must not be seen by its last words.
      const seen = convolution.forward(tf.mul(hidden, within), { causal: false, random });
      hidden = halfSum(seen, hidden);
    }
    return this.output.forward(hidden);
  }
}

/** The sources that a decoder looks at. A type, not an interface, so that `tf.tidy` may return it. */
export type Source = {
  /** `[rows, positions, 2 embeddingSize]`: the encoder's output z, and z with the words e, `(z + e) sqrt(1/2)`. */
  readonly memory: tf.Tensor3D;
  /** `[rows]` int32 */
  readonly lengths: tf.Tensor1D;
  /** The root of the lengths, `[rows, 1, 1]`: the mean of m positions has m times less variance than one (section 3.4). */
  readonly spread: tf.Tensor3D;
};

/** A convolution over what was said, and a look at the source (Gehring et al. 2017, section 3.3). */
export class DecoderLayer extends Module {
  readonly convolution: GatedConvolution;
  /** To the space of the words, where the look is taken. */
  readonly query: Linear;
  readonly context: Linear;

  constructor({ embeddingSize, decoder, dropout }: ConvS2SConfig, random: Random | undefined) {
    super();
    const { size, width } = decoder;
    this.convolution = new GatedConvolution({ size, width, dropout }, random);
    this.query = new Linear(size, embeddingSize, random);
    this.context = new Linear(embeddingSize, size, random);
  }

  /**
   * @param hidden `[rows, steps, size]`
   * @param words of the target, `[rows, steps, embeddingSize]`
   * @returns `hidden` of the next layer; `weights` `[rows, steps, positions]`
   */
  forward(hidden: tf.Tensor3D, words: tf.Tensor3D, source: Source, random?: Random) {
    const seen = this.convolution.forward(hidden, { causal: true, random });
    return this.#look(hidden, seen, words, source);
  }

  /**
   * One step.
   *
   * @param said the hidden states of the last `width - 1` steps, the oldest first: `[rows, (width - 1) size]`
   * @param hidden `[rows, size]`
   * @param words `[rows, embeddingSize]`
   * @returns as `forward`, with one step; `said` for the next one
   */
  step(said: tf.Tensor2D, hidden: tf.Tensor2D, words: tf.Tensor2D, source: Source) {
    const window: tf.Tensor2D = tf.concat([said, hidden], 1);
    const seen = this.convolution.step(window);
    const alone = (x: tf.Tensor2D): tf.Tensor3D => tf.expandDims(x, 1);
    return {
      ...this.#look(alone(hidden), alone(seen), alone(words), source),
      said: tf.slice(window, [0, hidden.shape[1]], said.shape),
    };
  }

  #look(hidden: tf.Tensor3D, seen: tf.Tensor3D, words: tf.Tensor3D, source: Source) {
    const { memory, lengths, spread } = source;
    const queries = halfSum(this.query.forward(seen), words);
    // The paper's scores are not scaled by the size, those of the heads are.
    const scaled: tf.Tensor3D = tf.mul(queries, Math.sqrt(words.shape[2]));
    const looked = multiHeadAttention({ queries: scaled, memory }, { heads: 1, lengths });
    const context = this.context.forward(tf.mul<tf.Tensor3D>(looked.context, spread));
    const weights: tf.Tensor3D = tf.squeeze(looked.weights, [1]);
    return { hidden: halfSum(halfSum(seen, context), hidden), weights };
  }
}
