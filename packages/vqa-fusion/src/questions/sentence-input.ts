import { dropout, Linear, Module, uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { SentenceConfig } from "../config.ts";

/**
 * What a question means as a sentence, by an encoder that is not trained with it (Reimers & Gurevych 2019), added to the
 * question's vector. W is zero at first: a network that gets it answers as before.
 *
 *     q' = q + s W
 */
export class SentenceInput extends Module {
  readonly projection: Linear;
  readonly #dropout: number;
  readonly #leftOut: number;

  /** @param vectorSize size of the question's vector */
  constructor({ size, dropout, leftOut }: SentenceConfig, vectorSize: number) {
    super();
    this.projection = new Linear(size, vectorSize, undefined, { bias: false });
    this.#dropout = dropout;
    this.#leftOut = leftOut;
  }

  /**
   * The surrounding scope owns the result.
   *
   * @param vector of each question, `[rows, vectorSize]`
   * @param sentences `[rows, size]`
   * @param random enables dropout, and leaves sentences out
   */
  add(vector: tf.Tensor2D, sentences: tf.Tensor2D, random: Random | undefined): tf.Tensor2D {
    const read = this.#leaveOut(dropout(sentences, this.#dropout, random), random);
    return tf.add(vector, this.projection.forward(read));
  }

  /** Not scaled as by dropout: a sentence is there or not, as it is later. */
  #leaveOut(sentences: tf.Tensor2D, random: Random | undefined): tf.Tensor2D {
    if (random === undefined || this.#leftOut === 0) return sentences;
    const kept = tf.greaterEqual(uniformTensor([sentences.shape[0], 1], random), this.#leftOut);
    return tf.mul(sentences, tf.cast(kept, "float32"));
  }
}
