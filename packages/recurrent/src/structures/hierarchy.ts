import { Module } from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import type { UnrollOptions } from "../unroll.ts";
import type { Encoded, SequenceEncoder } from "./sequence-encoder.ts";

/** Documents encoded on two levels. */
export interface EncodedDocuments {
  /** One row per sentence: `output` `[sentences, words, units]`. */
  readonly words: Encoded;
  /** One row per document: `output` `[documents, max sentences, units]`. */
  readonly sentences: Encoded;
}

/**
 * Two networks: one over the words of each sentence, and one over the sentence summaries of each
 * document (Li, Luong & Jurafsky 2015, section 3.2; El Hihi & Bengio 1996).
 */
export class Hierarchy extends Module {
  readonly words: SequenceEncoder;
  readonly sentences: SequenceEncoder;

  /** @throws AttendError BAD_ARGUMENT if the input size of `sentences` is not the output size of `words` */
  constructor(words: SequenceEncoder, sentences: SequenceEncoder) {
    super();
    if (sentences.inputSize !== words.units) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the word level has ${words.units} output features, the sentence level ${sentences.inputSize} input features; they must be equal`,
      );
    }
    this.words = words;
    this.sentences = sentences;
  }

  /**
   * The caller, or the surrounding scope, owns the result.
   *
   * @param input the sentences of all documents, in order, `[sentences, words, inputSize]`, without
   *   padding sentences
   * @param lengths the number of words of each sentence, by document
   * @throws AttendError BAD_SHAPE, BAD_ARGUMENT (a length, a document without sentences)
   */
  forward(
    input: tf.Tensor3D,
    lengths: readonly (readonly number[])[],
    options?: Pick<UnrollOptions, "random">,
  ): EncodedDocuments {
    const counts = lengths.map((document) => document.length);
    const empty = counts.indexOf(0);
    if (empty !== -1) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `document ${empty} has no sentences; give it at least one`,
      );
    }
    const words = this.words.forward(input, { ...options, lengths: lengths.flat() });
    const summaries = this.#byDocument(words.summary, counts);
    return { words, sentences: this.sentences.forward(summaries, { ...options, lengths: counts }) };
  }

  /** `[sentences, units] -> [documents, max sentences, units]`, padded with zeros. */
  #byDocument(summaries: tf.Tensor2D, counts: readonly number[]): tf.Tensor3D {
    const max = Math.max(...counts);
    const padded = tf.split(summaries, [...counts], 0).map((document, i) =>
      tf.pad(document, [
        [0, max - (counts[i] ?? max)],
        [0, 0],
      ]),
    );
    return tf.stack(padded) as tf.Tensor3D;
  }
}
