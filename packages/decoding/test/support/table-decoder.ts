import { tf } from "@attend/runtime";
import type { Decoder, SpecialTokens } from "../../src/index.ts";

export const special: SpecialTokens = { start: 1, end: 2, suppressed: [0, 3] };

type TableState = { readonly row: tf.Tensor2D };

/**
 * A decoder whose next token depends on the last one alone, by a table of logits `[vocabulary,
 * vocabulary]`: every probability is known. Its encoding is the number of rows.
 */
export class TableDecoder implements Decoder<number, TableState> {
  readonly vocabularySize: number;
  readonly #table: tf.Tensor2D;

  constructor(table: tf.Tensor2D) {
    this.#table = table;
    this.vocabularySize = table.shape[0];
  }

  start(rows: number): TableState {
    return { row: tf.zeros([rows, 1]) };
  }

  step(tokens: tf.Tensor1D, state: TableState) {
    return { logits: tf.gather(this.#table, tokens), state: { row: tf.clone(state.row) } };
  }

  forward(tokens: tf.Tensor2D) {
    return { logits: tf.gather(this.#table, tokens) as tf.Tensor as tf.Tensor3D };
  }

  expand(state: TableState, count: number): TableState {
    return { row: tf.zeros([state.row.shape[0] * count, 1]) };
  }

  reorder(state: TableState, rows: tf.Tensor1D): TableState {
    return { row: tf.gather(state.row, rows) };
  }
}
