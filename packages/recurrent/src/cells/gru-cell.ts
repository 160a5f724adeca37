import { type Parameter, parameter } from "@attend/nn";
import { gruSequence, type Random, tf } from "@attend/runtime";
import type { Unrolled } from "../cell.ts";
import { lengthsTensor } from "../lengths.ts";
import { KernelCell } from "./kernel-cell.ts";

/** The hidden state, `[batch, units]`. */
export type GruState = { readonly h: tf.Tensor2D };

/**
 * Gated recurrent unit (Cho et al. 2014, equations 5 to 8), gates reset, update, candidate:
 *
 *     r = sigmoid(x W_xr + h W_hr + b_r)    z = sigmoid(x W_xz + h W_hz + b_z)
 *     n = tanh(x W_xn + b_n + r (h W_hn + b_hn))     reset after the product: cuDNN, PyTorch
 *     n = tanh(x W_xn + b_n + (r h) W_hn)            reset before it: the paper
 *     h_t = (1 - z) n + z h
 */
export class GruCell extends KernelCell<GruState> {
  readonly stateSizes: { readonly h: number };
  /** b, `[3 * units]` */
  readonly bias: Parameter<tf.Rank.R1>;
  /** b_hn, `[units]`; undefined with the reset before the product. */
  readonly candidateBias: Parameter<tf.Rank.R1> | undefined;

  /** @param options.reset default "after", which has a fused kernel */
  constructor(
    inputSize: number,
    units: number,
    random: Random | undefined,
    options?: { reset?: "after" | "before" },
  ) {
    super(inputSize, units, 3, random);
    this.stateSizes = { h: units };
    this.bias = parameter(tf.zeros<tf.Rank.R1>([3 * units]));
    this.candidateBias =
      options?.reset === "before" ? undefined : parameter(tf.zeros<tf.Rank.R1>([units]));
  }

  /** Uses {@link gruSequence} of the runtime. */
  override sequence(
    input: tf.Tensor3D,
    state: GruState,
    lengths?: readonly number[],
  ): Unrolled<GruState> {
    const { inputKernel, recurrentKernel, bias, candidateBias } = this;
    const weights = { kernel: [inputKernel, recurrentKernel], bias, candidateBias } as const;
    const options = { lengths: lengthsTensor(lengths) };
    const { output, h } = gruSequence(input, state.h, weights, options);
    return { output, state: { h } };
  }
}
