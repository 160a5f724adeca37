import { dropout } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { Cell, type HiddenState, type Running, type Step, type Unrolled } from "../cell.ts";
import { loop } from "../loop.ts";

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
export class DropoutCell<State extends HiddenState> extends Cell<State> {
  readonly cell: Cell<State>;
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: Cell<State>["stateSizes"];
  readonly #rates: DropoutRates;

  constructor(cell: Cell<State>, rates: DropoutRates) {
    super();
    this.cell = cell;
    this.inputSize = cell.inputSize;
    this.units = cell.units;
    this.stateSizes = cell.stateSizes;
    this.#rates = rates;
  }

  step(input: tf.Tensor2D, state: State): Step<State> {
    return this.cell.step(input, state);
  }

  override sequence(
    input: tf.Tensor3D,
    state: State,
    lengths?: readonly number[],
  ): Unrolled<State> {
    return this.cell.sequence(input, state, lengths);
  }

  override drawn(batch: number, random: Random, stepRandom: Random): Running<State> {
    const inner = this.cell.drawn(batch, random, stepRandom);
    const mask = (size: number, rate: number | undefined): tf.Tensor2D | undefined =>
      rate ? dropout(tf.ones([batch, size]), rate, random) : undefined;
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
