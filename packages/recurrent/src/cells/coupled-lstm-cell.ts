import { type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { GateCell } from "./gate-cell.ts";
import { forgetBias } from "./kernel-cell.ts";
import type { LstmCellState } from "./lstm-cell.ts";

/**
 * LSTM with coupled input and forget gates, `i = 1 - f` (Greff et al. 2017, "CIFG"), with 25 % fewer
 * weights; gates candidate, forget, output:
 *
 *     f, o = sigmoid(x W_x + h W_h + b)    g = tanh(x W_xg + h W_hg + b_g)
 *     c_t = f c + (1 - f) g                h_t = o tanh(c_t)
 */
export class CoupledLstmCell extends GateCell<LstmCellState> {
  readonly stateSizes: { readonly h: number; readonly c: number };
  /** b, `[3 * units]` */
  readonly bias: Parameter<tf.Rank.R1>;

  constructor(inputSize: number, units: number, random: Random | undefined) {
    super(inputSize, units, 3, random);
    this.stateSizes = { h: units, c: units };
    this.bias = parameter(forgetBias(3, 1, units));
  }

  protected override project(input: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(input, this.inputKernel), this.bias);
  }

  protected override advance(projected: tf.Tensor2D, { h, c }: LstmCellState): LstmCellState {
    const sums = tf.add(projected, tf.matMul(h, this.recurrentKernel));
    const [first, f, o] = tf.split(sums, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const candidate: tf.Tensor2D = tf.tanh(first);
    const nextC: tf.Tensor2D = tf.add(candidate, tf.mul(tf.sigmoid(f), tf.sub(c, candidate)));
    return { h: tf.mul(tf.sigmoid(o), tf.tanh(nextC)), c: nextC };
  }
}
