import { Linear, Module } from "@attend/nn";
import {
  type Cell,
  type CellState,
  type LayersState,
  type StateSizes,
  sizesIn,
  stateFrom,
  tensorAt,
} from "@attend/recurrent";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";

/** The initial state of the decoder's layers; see `decoder.start` of the config. */
export class FirstState extends Module {
  readonly #kind: Seq2seqConfig["decoder"]["start"];
  readonly #cells: readonly Cell[];
  readonly #sizes: StateSizes<LayersState>;
  /** Computes all states of all layers from the summary. */
  readonly summary: Linear | undefined;

  constructor(
    kind: Seq2seqConfig["decoder"]["start"],
    cells: readonly Cell[],
    summarySize: number,
    random: Random | undefined,
  ) {
    super();
    this.#kind = kind;
    this.#cells = cells;
    this.#sizes = { layers: cells.map(({ stateSizes }) => stateSizes) };
    const total = sizesIn(this.#sizes).reduce((sum, { size }) => sum + size, 0);
    this.summary = kind === "summary" ? new Linear(summarySize, total, random) : undefined;
  }

  /**
   * @param summary `[rows, units]`
   * @param encoded the last state of each layer of the encoder
   * @returns the state of each layer
   * @throws AttendError BAD_ARGUMENT if a state to copy is missing
   */
  forward(summary: tf.Tensor2D, encoded: readonly CellState[]): CellState[] {
    if (this.#kind === "zero") {
      return this.#cells.map((cell) => cell.initialState(summary.shape[0]));
    }
    if (this.#kind === "copy") return this.#cells.map((cell, i) => copied(cell, i, encoded[i]));
    return stateFrom(this.#sizes, this.#parts(summary)).layers;
  }

  #parts(summary: tf.Tensor2D): tf.Tensor2D[] {
    const states = this.summary && tf.tanh(this.summary.forward(summary));
    const sizes = sizesIn(this.#sizes).map(({ size }) => size);
    return states === undefined ? [] : tf.split(states, sizes, 1);
  }
}

/** The state of the corresponding layer of the encoder; of a bidirectional layer, the backward one. */
function copied({ stateSizes }: Cell, layer: number, encoded: CellState | undefined): CellState {
  if (encoded === undefined) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `the encoding has no state of layer ${layer}; it must come from this model's encode`,
    );
  }
  const direction = encoded["backwards"] === undefined ? [] : ["backwards"];
  const tensors = sizesIn(stateSizes).map(({ path }) => tensorAt(encoded, [...direction, ...path]));
  return stateFrom(
    stateSizes,
    tensors.map((tensor) => tensor.clone()),
  );
}
