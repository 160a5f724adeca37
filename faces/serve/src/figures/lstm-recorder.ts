import { Cell, type LstmCell, type LstmCellState, type Step } from "@attend/recurrent";
import { LSTM_GATES, tf } from "@attend/runtime";

/** One step of an LSTM, `[units]` each. */
export interface LstmStep {
  readonly input: readonly number[];
  readonly candidate: readonly number[];
  readonly forget: readonly number[];
  readonly output: readonly number[];
  readonly cell: readonly number[];
  readonly hidden: readonly number[];
}

/** An LSTM for one sequence that also computes its gates, which the fused kernels keep to themselves. */
export class LstmRecorder extends Cell<LstmCellState> {
  readonly steps: LstmStep[] = [];
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: { readonly h: number; readonly c: number };
  readonly #cell: LstmCell;

  constructor(cell: LstmCell) {
    super();
    this.#cell = cell;
    this.inputSize = cell.inputSize;
    this.units = cell.units;
    this.stateSizes = cell.stateSizes;
  }

  step(input: tf.Tensor2D, before: LstmCellState): Step<LstmCellState> {
    const next = this.#cell.step(input, before);
    const { kernel, bias } = this.#cell;
    const sums = tf.add(tf.matMul(tf.concat([input, before.h], 1), kernel), bias);
    const gates = new Map(
      tf.split(sums, LSTM_GATES.length, 1).map((sum, i) => [LSTM_GATES[i], sum]),
    );
    const of = (gate: (typeof LSTM_GATES)[number], activation: (sum: tf.Tensor) => tf.Tensor) => {
      const sum = gates.get(gate);
      return sum === undefined ? [] : [...activation(sum).dataSync()];
    };
    this.steps.push({
      input: of("input", tf.sigmoid),
      candidate: of("candidate", tf.tanh),
      forget: of("forget", tf.sigmoid),
      output: of("output", tf.sigmoid),
      cell: [...next.state.c.dataSync()],
      hidden: [...next.state.h.dataSync()],
    });
    return next;
  }
}
