import { type Parameter, parameter } from "@attend/nn";
import { type Random, tf, vanillaSequence } from "@attend/runtime";
import type { Unrolled } from "../cell.ts";
import { lengthsTensor } from "../lengths.ts";
import { KernelCell } from "./kernel-cell.ts";

/** The hidden state, `[batch, units]`. */
export type RnnState = { readonly h: tf.Tensor2D };

/** The activation function of an {@link RnnCell}. */
export type RnnActivation = "tanh" | "relu";

/**
 * The vanilla recurrent network (Elman 1990), `h_t = tanh(x_t W_x + h_{t-1} W_h + b)`, or with relu
 * (Le, Jaitly & Hinton 2015). The output is `h_t`; for `y_t = h_t W_y` add a `Linear`.
 */
export class RnnCell extends KernelCell<RnnState> {
  readonly stateSizes: { readonly h: number };
  /** b, `[units]` */
  readonly bias: Parameter<tf.Rank.R1>;
  readonly #activation: RnnActivation;

  constructor(
    inputSize: number,
    units: number,
    random: Random | undefined,
    options?: { activation?: RnnActivation },
  ) {
    super(inputSize, units, 1, random);
    this.stateSizes = { h: units };
    this.bias = parameter(tf.zeros<tf.Rank.R1>([units]));
    this.#activation = options?.activation ?? "tanh";
  }

  /** Uses {@link vanillaSequence} of the runtime. */
  override sequence(
    input: tf.Tensor3D,
    state: RnnState,
    lengths?: readonly number[],
  ): Unrolled<RnnState> {
    const weights = { kernel: [this.inputKernel, this.recurrentKernel], bias: this.bias } as const;
    const options = { activation: this.#activation, lengths: lengthsTensor(lengths) };
    const { output, h } = vanillaSequence(input, state.h, weights, options);
    return { output, state: { h } };
  }
}
