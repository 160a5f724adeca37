import { dropout, Embedding, Linear, Module, uniform } from "@attend/nn";
import { createEncoder, type Encoder } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import { casings } from "../words/casing.ts";
import { marks } from "../words/marks.ts";
import type { WordBatch } from "./batch.ts";
import type { TaggerConfig } from "./config.ts";

/** What a {@link TaggerNetwork} says of each position, `[rows * steps, classes]`. */
export interface Tagging {
  readonly marks: tf.Tensor2D;
  readonly casings: tf.Tensor2D;
}

/**
 * Says which mark follows each word and how the word is cased, from all words around it: a bidirectional LSTM (Tilk &
 * Alumäe 2016, 'Bidirectional recurrent neural network with attention mechanism for punctuation restoration', without
 * the attention) over the sum of a word's vector and the mean of its parts' vectors (Bojanowski et al. 2017, eq. 1).
 */
export class TaggerNetwork extends Module {
  readonly #dropout: number;
  readonly words: Embedding;
  readonly parts: Embedding;
  readonly encoder: Encoder;
  readonly marks: Linear;
  readonly casings: Linear;

  /**
   * @param words the number of word vectors
   * @param random without it the weights are zero, to be loaded
   */
  constructor(config: TaggerConfig, words: number, random?: Random) {
    super();
    const { embeddingSize, buckets, units, layers, dropout: rate } = config;
    this.#dropout = rate;
    const initializer = uniform(random, 0.5 / Math.sqrt(embeddingSize));
    this.words = new Embedding(words, embeddingSize, random, { initializer });
    this.parts = new Embedding(buckets, embeddingSize, random, { initializer });
    this.encoder = createEncoder(
      {
        ...{ cell: "lstm", inputSize: embeddingSize, bidirectional: "all" },
        units,
        layers,
        dropout: rate,
      },
      random,
    );
    this.marks = new Linear(this.encoder.units, marks.length, random);
    this.casings = new Linear(this.encoder.units, casings.length, random);
  }

  /** @param random enables dropout, for training */
  forward(batch: WordBatch, random?: Random): Tagging {
    return tf.tidy(() => {
      const means: tf.Tensor2D = tf.squeeze(
        tf.matMul(batch.weights, this.parts.forward(batch.parts)),
        [1],
      );
      const vectors: tf.Tensor2D = tf.add(this.words.forward(batch.ids), means);
      const input = tf.gather(vectors as tf.Tensor, batch.positions) as tf.Tensor3D;
      const { output } = this.encoder.forward(input, { lengths: batch.lengths, random });
      const flat = tf.reshape<tf.Rank.R2>(output, [-1, this.encoder.units]);
      const features = dropout(flat, this.#dropout, random);
      return { marks: this.marks.forward(features), casings: this.casings.forward(features) };
    });
  }
}
