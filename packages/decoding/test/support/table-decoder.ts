import { tf } from "@attend/runtime";
import type { Decoder, DecodingTokens } from "../../src/index.ts";

export const special: DecodingTokens = { start: 1, end: 2, suppressed: [0, 3] };

type TableState = { readonly rows: number };

/**
 * A decoder whose next token depends only on the last one, with a table of logits `[vocabulary,
 * vocabulary]`, so that all probabilities are known. Its encoding is the number of rows.
 */
export class TableDecoder implements Decoder<number, TableState> {
  readonly vocabularySize: number;
  readonly #table: tf.Tensor2D;

  constructor(table: tf.Tensor2D) {
    this.#table = table;
    this.vocabularySize = table.shape[0];
  }

  start(rows: number): TableState {
    return { rows };
  }

  step(tokens: tf.Tensor1D, state: TableState) {
    return { logits: tf.gather(this.#table, tokens), state };
  }

  features(tokens: tf.Tensor2D) {
    return { features: tf.oneHot(tokens, this.vocabularySize, 1, 0, "float32") as tf.Tensor3D };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(features, this.#table);
  }

  reorder(_state: TableState, rows: tf.Tensor1D): TableState {
    return { rows: rows.shape[0] };
  }
}
