import { dropout } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { Cell, Drawing, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/** Which part of the features is dropped, 0 to 1. */
export interface DropoutRates {
  /** Of the input's features; default 0. */
  readonly input?: number | undefined;
  /** Of the hidden state where the gates read it; default 0. Steps run one by one then. */
  readonly state?: number | undefined;
}

/**
 * Variational dropout (Gal & Ghahramani 2016, equation 7): one mask a sequence for the inputs, and one
 * for the hidden states, the same at every step. What stays is scaled by `1 / (1 - rate)`.
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
    const ofInput = mask(this.inputSize, this.#rates.input);
    const ofState = mask(this.stateSizes.h, this.#rates.state);
    const step = (input: tf.Tensor2D, state: State) =>
      inner.step(input, ofState ? { ...state, h: tf.mul(state.h, ofState) } : state);
    return {
      step: (input, state) => step(ofInput ? tf.mul(input, ofInput) : input, state),
      sequence(input, state, lengths) {
        const seen: tf.Tensor3D = ofInput ? tf.mul(input, tf.expandDims(ofInput, 1)) : input;
        return ofState ? loop(step, seen, state, lengths) : inner.sequence(seen, state, lengths);
      },
    };
  }
}
