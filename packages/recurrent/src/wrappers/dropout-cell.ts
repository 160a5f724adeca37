import { dropout } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { Cell, Drawing, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/** Dropout rates, 0 to 1. */
export interface DropoutRates {
  /** Of the input. Default 0. */
  readonly input?: number | undefined;
  /** Of the hidden state, as an input of the gates. Default 0. Otherwise, steps run one by one. */
  readonly state?: number | undefined;
}

/**
 * Variational dropout (Gal & Ghahramani 2016, equation 7): one mask per sequence for the inputs and one
 * for the hidden states, the same at all steps. Kept units are scaled by `1 / (1 - rate)`.
 */
export class DropoutCell<State extends HiddenState> extends WrapperCell<State> {
  readonly #rates: DropoutRates;

  constructor(cell: Cell<State>, rates: DropoutRates) {
    super(cell);
    this.#rates = rates;
  }

  protected override around(inner: Running<State>, drawing?: Drawing): Running<State> {
    if (drawing === undefined) return inner;
    const mask = (size: number, rate: number | undefined): tf.Tensor2D | undefined =>
      rate ? dropout(tf.ones([drawing.batch, size]), rate, drawing.random) : undefined;
    const inputMask = mask(this.inputSize, this.#rates.input);
    const stateMask = mask(this.stateSizes.h, this.#rates.state);
    const step = (input: tf.Tensor2D, state: State) =>
      inner.step(input, stateMask ? { ...state, h: tf.mul(state.h, stateMask) } : state);
    return {
      step: (input, state) => step(inputMask ? tf.mul(input, inputMask) : input, state),
      sequence(input, state, lengths) {
        const masked: tf.Tensor3D = inputMask ? tf.mul(input, tf.expandDims(inputMask, 1)) : input;
        return stateMask
          ? loop(step, masked, state, lengths)
          : inner.sequence(masked, state, lengths);
      },
    };
  }
}
