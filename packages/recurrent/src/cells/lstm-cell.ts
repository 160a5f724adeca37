import { glorotUniform, type Parameter, parameter, zeros } from "@attend/nn";
import { type LstmState, lstmSequence, lstmStep, type Random, tf } from "@attend/runtime";
import { Cell, type Step, type Unrolled } from "../cell.ts";
import { lengthsTensor } from "../lengths.ts";
import { forgetBias, orthogonalGates } from "./kernel-cell.ts";

/** The state of an LSTM, `[batch, units]` each. */
export type LstmCellState = { readonly [Key in keyof LstmState]: LstmState[Key] };

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), gates input
 * (write), candidate, forget (keep), output (read):
 *
 *     i, f, o = sigmoid(x W_x + h W_h + b)    g = tanh(x W_xg + h W_hg + b_g)
 *     c_t = f c + i g                         h_t = o tanh(c_t)
 */
export class LstmCell extends Cell<LstmCellState> {
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: { readonly h: number; readonly c: number };
  /** W_x above W_h, `[inputSize + units, 4 * units]` */
  readonly kernel: Parameter<tf.Rank.R2>;
  /** b, `[4 * units]` */
  readonly bias: Parameter<tf.Rank.R1>;

  /**
   * Initializes W_x Glorot-uniform, each gate's part of W_h orthogonal, and the forget gate's bias to 1.
   *
   * @param random without it the weights are zero, to be loaded
   */
  constructor(inputSize: number, units: number, random: Random | undefined) {
    super();
    this.inputSize = inputSize;
    this.units = units;
    this.stateSizes = { h: units, c: units };
    this.kernel = parameter(initialKernel(inputSize, units, random));
    this.bias = parameter(forgetBias(4, 2, units));
  }

  step(input: tf.Tensor2D, state: LstmCellState): Step<LstmCellState> {
    const next = lstmStep(input, state, this);
    return { output: next.h, state: { ...next } };
  }

  override sequence(
    input: tf.Tensor3D,
    state: LstmCellState,
    lengths?: readonly number[],
  ): Unrolled<LstmCellState> {
    const options = { lengths: lengthsTensor(lengths) };
    const { output, state: next } = lstmSequence(input, state, this, options);
    return { output, state: { ...next } };
  }
}

function initialKernel(inputSize: number, units: number, random: Random | undefined): tf.Tensor2D {
  if (random === undefined) return zeros<tf.Rank.R2>([inputSize + units, 4 * units]);
  return tf.tidy(() => {
    const inputKernel = glorotUniform(random)<tf.Rank.R2>([inputSize, 4 * units]);
    return tf.concat2d([inputKernel, orthogonalGates(units, 4, random)], 0);
  });
}
