import { uniformTensor } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { Cell, Drawing, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { zipStates } from "../state.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/** Zoneout rate of each tensor of the state, 0 to 1. Default 0. */
export type ZoneoutRates<State> = { readonly [Name in keyof State]?: number };

/**
 * Zoneout (Krueger et al. 2017): at each step, each unit of the state keeps its previous value with
 * probability `rate`. Without `random`, the state is the expectation, `rate * previous + (1 - rate) *
 * updated`. The output is the resulting `h`.
 */
export class ZoneoutCell<State extends HiddenState> extends WrapperCell<State> {
  readonly #rates: ZoneoutRates<State>;

  /** @param rates by name of the state's tensors; the paper uses 0.05 for `h` and 0.5 for `c` */
  constructor(cell: Cell<State>, rates: ZoneoutRates<State>) {
    super(cell);
    this.#rates = rates;
  }

  protected override around(inner: Running<State>, drawing?: Drawing): Running<State> {
    // 1 for kept units, 0 for updated ones; the rate for the expectation.
    const keepMask = (rate: number, { shape }: tf.Tensor): tf.Tensor | number =>
      drawing ? tf.cast(tf.less(uniformTensor(shape, drawing.stepRandom), rate), "float32") : rate;
    const step = (input: tf.Tensor2D, before: State) => {
      const updated = inner.step(input, before).state;
      const state = zipStates(updated, before, (next, old, name) => {
        const rate = this.#rates[name] ?? 0;
        return rate === 0 ? next : tf.add(next, tf.mul(keepMask(rate, next), tf.sub(old, next)));
      });
      return { output: state.h, state };
    };
    return { step, sequence: (input, state, lengths) => loop(step, input, state, lengths) };
  }
}
