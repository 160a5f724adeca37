import { LayerNorm } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { GateCell } from "./gate-cell.ts";
import { forgetBias } from "./kernel-cell.ts";
import type { LstmCellState } from "./lstm-cell.ts";

/**
 * LSTM with layer normalization (Ba, Kiros & Hinton 2016, equations 20 to 22); gates input, candidate,
 * forget, output:
 *
 *     i, g, f, o = LN(x W_x) + LN(h W_h)
 *     c_t = sigmoid(f) c + sigmoid(i) tanh(g)    h_t = sigmoid(o) tanh(LN(c_t))
 *
 * The paper's b is omitted, because each LN has an offset.
 */
export class LayerNormLstmCell extends GateCell<LstmCellState> {
  readonly stateSizes: { readonly h: number; readonly c: number };
  readonly inputNorm: LayerNorm;
  readonly recurrentNorm: LayerNorm;
  readonly cellNorm: LayerNorm;

  /** Initializes the forget gate's offset of `inputNorm` to 1. */
  constructor(inputSize: number, units: number, random: Random | undefined) {
    super(inputSize, units, 4, random);
    this.stateSizes = { h: units, c: units };
    this.inputNorm = new LayerNorm(4 * units);
    this.recurrentNorm = new LayerNorm(4 * units);
    this.cellNorm = new LayerNorm(units);
    tf.tidy(() => this.inputNorm.offset.assign(forgetBias(4, 2, units)));
  }

  protected override project(input: tf.Tensor2D): tf.Tensor2D {
    return this.inputNorm.forward(tf.matMul(input, this.inputKernel));
  }

  protected override advance(projected: tf.Tensor2D, { h, c }: LstmCellState): LstmCellState {
    const recurrent = this.recurrentNorm.forward(tf.matMul(h, this.recurrentKernel));
    const [i, candidate, f, o] = tf.split(tf.add(projected, recurrent), 4, 1) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const kept: tf.Tensor2D = tf.mul(tf.sigmoid(f), c);
    const nextC: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(candidate)));
    return { h: tf.mul(tf.sigmoid(o), tf.tanh(this.cellNorm.forward(nextC))), c: nextC };
  }
}
