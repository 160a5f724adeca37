import { Linear, Module } from "@attend/nn";
import { type Cell, GruCell, type HiddenState, LstmCell, RnnCell, unroll } from "@attend/recurrent";
import { GRU_GATES, LSTM_GATES, type Random, tf } from "@attend/runtime";
import type { CellName } from "./config.ts";

/** A recurrent cell with a linear readout. */
export class SequenceNetwork extends Module {
  readonly cell: Cell<HiddenState>;
  readonly readout: Linear;

  constructor(cell: Cell<HiddenState>, outputSize: number, random: Random) {
    super();
    this.cell = cell;
    this.readout = new Linear(cell.units, outputSize, random);
  }

  /**
   * Returns the hidden states, `[batch, steps, units]`.
   *
   * @param input `[batch, steps, inputSize]`
   * @param cell the cell to run; the default is the network's own, the alternative is that cell with a monitor
   */
  read(input: tf.Tensor3D, cell = this.cell): tf.Tensor3D {
    return unroll(cell, input, cell.initialState(input.shape[0])).output;
  }
}

export interface NetworkOptions {
  readonly cell: CellName;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly units: number;
  /** Number of steps that the gates initially remember; if absent, they have the usual biases. */
  readonly remember?: number;
  /** Scale of a vanilla network's orthogonal recurrent kernel; default 1. */
  readonly scale?: number;
}

export function createNetwork(options: NetworkOptions, random: Random): SequenceNetwork {
  return new SequenceNetwork(createCell(options, random), options.outputSize, random);
}

function createCell(options: NetworkOptions, random: Random): Cell<HiddenState> {
  const { inputSize, units, remember, scale = 1 } = options;
  switch (options.cell) {
    case "rnn": {
      const cell = new RnnCell(inputSize, units, random);
      tf.tidy(() => cell.recurrentKernel.assign(tf.mul(cell.recurrentKernel, scale)));
      return cell;
    }
    case "lstm": {
      const cell = new LstmCell(inputSize, units, random);
      if (remember === undefined) return cell;
      const keep = chronoBias(remember, units, random);
      assignBias(cell.bias, LSTM_GATES, { forget: keep, input: keep.map((bias) => -bias) });
      return cell;
    }
    case "gru": {
      const cell = new GruCell(inputSize, units, random);
      if (remember === undefined) return cell;
      assignBias(cell.bias, GRU_GATES, { update: chronoBias(remember, units, random) });
      return cell;
    }
  }
}

/**
 * Biases for the gate that keeps, `log(uniform(1, steps - 1))` each, so that units forget with time constants up
 * to the sequence length (Tallec & Ollivier 2018).
 */
function chronoBias(steps: number, units: number, random: Random): number[] {
  return Array.from({ length: units }, () => Math.log(1 + random.uniform() * (steps - 2)));
}

/** Sets the biases of some gates, and those of the others to 0. */
function assignBias<Gate extends string>(
  bias: tf.Variable<tf.Rank.R1>,
  gates: readonly Gate[],
  values: Partial<Record<Gate, readonly number[]>>,
): void {
  const units = bias.size / gates.length;
  const all = gates.flatMap((gate) => values[gate] ?? Array.from({ length: units }, () => 0));
  tf.tidy(() => bias.assign(tf.tensor1d(all)));
}
