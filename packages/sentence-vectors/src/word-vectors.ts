import type { SourceBatch } from "@attend/decoding";
import { Embedding, Module } from "@attend/nn";
import type { tf } from "@attend/runtime";

/**
 * A vector for each token that does not depend on the others; its length tells how much the token matters in the mean of
 * a sentence.
 */
export class WordVectors extends Module {
  readonly table: Embedding;

  /** The table is zero, to be loaded. */
  constructor(vocabularySize: number, size: number) {
    super();
    this.table = new Embedding(vocabularySize, size, undefined);
  }

  /** @returns `[rows, steps, size]`; the caller owns it */
  encode({ tokens }: SourceBatch): tf.Tensor3D {
    return this.table.forward(tokens) as tf.Tensor3D;
  }
}
