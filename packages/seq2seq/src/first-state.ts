import { Linear, Module } from "@attend/nn";
import type { Cell, CellState } from "@attend/recurrent";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";

/** What the decoder's layers start from; see `decoder.start` of the config. */
export class FirstState extends Module {
  readonly #kind: Seq2seqConfig["decoder"]["start"];
  readonly #cells: readonly Cell[];
  /** All states of all layers from the summary. */
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
    const total = sizesOf(cells).reduce((sum, size) => sum + size, 0);
    this.summary = kind === "summary" ? new Linear(summarySize, total, random) : undefined;
  }

  /**
   * @param summary `[rows, units]`
   * @param encoded the encoder's last states
   * @returns the state of each layer
   */
  forward(summary: tf.Tensor2D, encoded: CellState): CellState[] {
    if (this.#kind === "zero") {
      return this.#cells.map((cell) => cell.initialState(summary.shape[0]));
    }
    if (this.#kind === "copy") return this.#cells.map((cell, i) => copied(cell, i, encoded));
    const parts = this.#parts(summary).values();
    return this.#cells.map((cell) => {
      const own = Object.keys(cell.stateSizes).flatMap((name) => {
        const { value } = parts.next();
        return value === undefined ? [] : [[name, value] as const];
      });
      return Object.fromEntries(own);
    });
  }

  #parts(summary: tf.Tensor2D): tf.Tensor2D[] {
    const sizes = sizesOf(this.#cells);
    const made = this.summary && tf.tanh(this.summary.forward(summary));
    return made === undefined ? [] : tf.split(made, sizes, 1);
  }
}

function sizesOf(cells: readonly Cell[]): number[] {
  return cells.flatMap((cell) => Object.values(cell.stateSizes));
}

/** The state of the encoder's layer in the same place: of a layer in both directions, the one backwards. */
function copied(cell: Cell, layer: number, encoded: CellState): CellState {
  const entries = Object.keys(cell.stateSizes).map((name) => {
    const found = encoded[`${layer}.${name}`] ?? encoded[`${layer}.backwards.${name}`];
    if (found === undefined) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the encoding has no state ${layer}.${name}; it has to come from this model's encode`,
      );
    }
    return [name, found.clone()] as const;
  });
  return Object.fromEntries(entries);
}
