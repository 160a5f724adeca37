import { type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { LstmCell } from "./lstm-cell.ts";

/**
 * LSTM with peephole connections from the cell state to the gates (Gers & Schmidhuber 2000; Gers,
 * Schraudolph & Schmidhuber 2002):
 *
 *     i, f = sigmoid(x W_x + h W_h + p c + b)        g = tanh(x W_xg + h W_hg + b_g)
 *     c_t = f c + i g
 *     o = sigmoid(x W_xo + h W_ho + p_o c_t + b_o)   h_t = o tanh(c_t)
 */
export class PeepholeLstmCell extends LstmCell {
  /** p of the input, forget and output gates, `[3, units]`; initially zero, which is a plain LSTM. */
  readonly peephole: Parameter<tf.Rank.R2>;

  constructor(inputSize: number, units: number, random: Random | undefined) {
    super(inputSize, units, random);
    this.peephole = parameter(tf.zeros<tf.Rank.R2>([3, units]));
  }
}
