import { Linear, Module } from "@attend/nn";
import { type Cell, GruCell, type HiddenState, LstmCell, RnnCell, unroll } from "@attend/recurrent";
import { GRU_GATES, LSTM_GATES, type Random, tf } from "@attend/runtime";
import type { CellName } from "./config.ts";

/** A recurrent cell and what it says. */
export class SequenceNetwork extends Module {
  readonly cell: Cell<HiddenState>;
  readonly readout: Linear;

  constructor(cell: Cell<HiddenState>, outputSize: number, random: Random) {
    super();
    this.cell = cell;
    this.readout = new Linear(cell.units, outputSize, random);
  }

  /**
   * The hidden states, `[batch, steps, units]`.
   *
   * @param input `[batch, steps, inputSize]`
   * @param cell what reads it in place of the network's own: that one, watched
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
  /** Steps that the gates shall remember at first; without it they start as usual. */
  readonly remember?: number;
  /** What a vanilla network's orthogonal recurrent kernel is multiplied with; default 1. */
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
 * A bias for the gate that keeps, `log(uniform(1, steps - 1))` each: units forget with time constants up to
 * the length of the sequence (Tallec & Ollivier 2018).
 */
function chronoBias(steps: number, units: number, random: Random): number[] {
  return Array.from({ length: units }, () => Math.log(1 + random.uniform() * (steps - 2)));
}

/** Sets the biases of some gates, the others' are 0. */
function assignBias<Gate extends string>(
  bias: tf.Variable<tf.Rank.R1>,
  gates: readonly Gate[],
  values: Partial<Record<Gate, readonly number[]>>,
): void {
  const units = bias.size / gates.length;
  const all = gates.flatMap((gate) => values[gate] ?? Array.from({ length: units }, () => 0));
  tf.tidy(() => bias.assign(tf.tensor1d(all)));
}
