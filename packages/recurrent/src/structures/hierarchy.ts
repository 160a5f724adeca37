import { Module } from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import type { UnrollOptions } from "../unroll.ts";
import type { Encoded, SequenceEncoder } from "./sequence-encoder.ts";

/** Documents read in two levels; both parts as their encoders give them. */
export interface EncodedDocuments {
  /** One row a sentence: `output` `[sentences, words, units]`. */
  readonly words: Encoded;
  /** One row a document: `output` `[documents, most sentences, units]`. */
  readonly sentences: Encoded;
}

/**
 * Two networks, one over the words of each sentence and, over their summaries, one over the sentences
 * of each document (Li, Luong & Jurafsky 2015, section 3.2; El Hihi & Bengio 1996).
 */
export class Hierarchy extends Module {
  readonly words: SequenceEncoder;
  readonly sentences: SequenceEncoder;

  /** @throws AttendError BAD_ARGUMENT where `sentences` does not read what `words` gives */
  constructor(words: SequenceEncoder, sentences: SequenceEncoder) {
    super();
    if (sentences.inputSize !== words.units) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the word level gives ${words.units} features, the sentence level takes ${sentences.inputSize}; they must be as many`,
      );
    }
    this.words = words;
    this.sentences = sentences;
  }

  /**
   * The caller, or the scope around the call, owns the result.
   *
   * @param input the sentences of all documents, one document after another, `[sentences, words,
   *   inputSize]`: no sentence is padding
   * @param lengths for each document the words of each of its sentences
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
        `document ${empty} has no sentences; give it one or more`,
      );
    }
    const words = this.words.forward(input, { ...options, lengths: lengths.flat() });
    const summaries = this.#byDocument(words.summary, counts);
    return { words, sentences: this.sentences.forward(summaries, { ...options, lengths: counts }) };
  }

  /** `[sentences, units] -> [documents, most sentences, units]`, filled up with zeros. */
  #byDocument(summaries: tf.Tensor2D, counts: readonly number[]): tf.Tensor3D {
    const most = Math.max(...counts);
    const filled = tf.split(summaries, [...counts], 0).map((own, document) =>
      tf.pad(own, [
        [0, most - (counts[document] ?? most)],
        [0, 0],
      ]),
    );
    return tf.stack(filled) as tf.Tensor3D;
  }
}
