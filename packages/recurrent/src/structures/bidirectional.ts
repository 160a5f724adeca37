import { Module } from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import type { Cell, CellState } from "../cell.ts";
import { reverseSequences } from "../lengths.ts";
import { checkInput, type UnrollOptions } from "../unroll.ts";
import { type Encoded, encodeWith, type SequenceEncoder } from "./sequence-encoder.ts";

/** How the outputs of both directions are merged; only `concatenate` doubles the size. */
export type Merge = "concatenate" | "sum" | "average";

/** The last state of each direction. */
type BidirectionalState = { readonly forwards: CellState; readonly backwards: CellState };

/**
 * One cell runs forwards, another backwards, and their outputs at each step are merged (Schuster &
 * Paliwal 1997). The state is `{ forwards, backwards }`.
 */
export class Bidirectional extends Module implements SequenceEncoder {
  readonly forwards: Cell;
  readonly backwards: Cell;
  readonly merge: Merge;
  readonly inputSize: number;
  readonly units: number;

  /** @throws AttendError BAD_ARGUMENT if the sizes of the cells differ */
  constructor(forwards: Cell, backwards: Cell, merge: Merge = "concatenate") {
    super();
    if (forwards.inputSize !== backwards.inputSize || forwards.units !== backwards.units) {
      const sizes = (cell: Cell) => `${cell.inputSize} to ${cell.units}`;
      throw new AttendError(
        "BAD_ARGUMENT",
        `the forward cell maps ${sizes(forwards)} features, the backward cell ${sizes(backwards)}; the sizes must be equal`,
      );
    }
    this.forwards = forwards;
    this.backwards = backwards;
    this.merge = merge;
    this.inputSize = forwards.inputSize;
    this.units = merge === "concatenate" ? 2 * forwards.units : forwards.units;
  }

  forward(input: tf.Tensor3D, options?: UnrollOptions): Encoded<BidirectionalState> {
    const lengths = options?.lengths;
    checkInput(input, this.inputSize, lengths);
    const ahead = encodeWith(this.forwards, input, options);
    const back = encodeWith(this.backwards, reverseSequences(input, lengths), options);
    return {
      output: this.#merged(ahead.output, reverseSequences(back.output, lengths)),
      lengths,
      summary: this.#merged(ahead.summary, back.summary),
      state: { forwards: ahead.state, backwards: back.state },
    };
  }

  #merged<T extends tf.Tensor>(ahead: T, back: T): T {
    if (this.merge === "concatenate") return tf.concat<T>([ahead, back], -1);
    const sum: T = tf.add(ahead, back);
    return this.merge === "sum" ? sum : tf.mul(sum, 0.5);
  }
}
