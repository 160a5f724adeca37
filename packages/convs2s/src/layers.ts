import { Linear, Module } from "@attend/nn";
import { multiHeadAttention, type Random, tf } from "@attend/runtime";
import type { ConvS2SConfig } from "./config.ts";
import { GatedConvolution, scaledSum } from "./gated-convolution.ts";

/** Encodes a source by convolutions with residual connections. */
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
   * @param mask `[rows, positions, 1]`: 1 at valid positions, 0 past the length
   * @returns like `words`
   */
  forward(words: tf.Tensor3D, mask: tf.Tensor3D, random?: Random): tf.Tensor3D {
    let hidden = this.input.forward(words);
    for (const convolution of this.convolutions) {
      // Padding must not affect the last words of a source.
      const output = convolution.forward(tf.mul(hidden, mask), { causal: false, random });
      hidden = scaledSum(output, hidden);
    }
    return this.output.forward(hidden);
  }
}

/** The source of a decoder. A type rather than an interface, so that `tf.tidy` may return it. */
export type Source = {
  /**
   * `[rows, positions, 2 embeddingSize]`: the keys, the encoder's output z, and the values,
   * `(z + e) sqrt(1/2)` with the words e.
   */
  readonly memory: tf.Tensor3D;
  /** `[rows]` int32 */
  readonly lengths: tf.Tensor1D;
  /** `[rows, 1, 1]`, the root of the lengths m: the mean of m positions has 1/m of the variance (section 3.4). */
  readonly contextScale: tf.Tensor3D;
};

/** A convolution over the target, and attention to the source (Gehring et al. 2017, section 3.3). */
export class DecoderLayer extends Module {
  readonly convolution: GatedConvolution;
  /** Projects to the size of the words. */
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
    const output = this.convolution.forward(hidden, { causal: true, random });
    return this.#attend(hidden, output, words, source);
  }

  /**
   * One step.
   *
   * @param history the inputs of the last `width - 1` steps, the oldest first: `[rows, (width - 1) size]`
   * @param hidden `[rows, size]`
   * @param words `[rows, embeddingSize]`
   * @returns like `forward`, with one step; `history` for the next step
   */
  step(history: tf.Tensor2D, hidden: tf.Tensor2D, words: tf.Tensor2D, source: Source) {
    const window: tf.Tensor2D = tf.concat([history, hidden], 1);
    const output = this.convolution.step(window);
    const asStep = (x: tf.Tensor2D): tf.Tensor3D => tf.expandDims(x, 1);
    return {
      ...this.#attend(asStep(hidden), asStep(output), asStep(words), source),
      history: tf.slice(window, [0, hidden.shape[1]], history.shape),
    };
  }

  #attend(hidden: tf.Tensor3D, output: tf.Tensor3D, words: tf.Tensor3D, source: Source) {
    const { memory, lengths, contextScale } = source;
    const queries = scaledSum(this.query.forward(output), words);
    // Undoes the scaling of multiHeadAttention, which the paper does not have.
    const scaled: tf.Tensor3D = tf.mul(queries, Math.sqrt(words.shape[2]));
    const attended = multiHeadAttention({ queries: scaled, memory }, { heads: 1, lengths });
    const context = this.context.forward(tf.mul<tf.Tensor3D>(attended.context, contextScale));
    const weights: tf.Tensor3D = tf.squeeze(attended.weights, [1]);
    return { hidden: scaledSum(scaledSum(output, context), hidden), weights };
  }
}
