import { uniformTensor } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { Cell, Drawing, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { zipStates } from "../state.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/**
 * For each tensor of the state, which part of its units keeps its former value, 0 to 1; default 0.
 */
export type ZoneoutRates<State> = { readonly [Name in keyof State]?: number };

/**
 * Zoneout (Krueger et al. 2017): each unit of the state keeps its former value with probability `rate`
 * instead of being updated, anew at each step. Without `random` the expectation, `rate * former +
 * (1 - rate) * updated`. The output is the `h` that results.
 */
export class ZoneoutCell<State extends HiddenState> extends WrapperCell<State> {
  readonly #rates: ZoneoutRates<State>;

  /** @param rates by the state's name, 0 where absent; the paper has 0.05 for `h` and 0.5 for `c`. */
  constructor(cell: Cell<State>, rates: ZoneoutRates<State>) {
    super(cell);
    this.#rates = rates;
  }

  protected override around(inner: Running<State>, drawing?: Drawing): Running<State> {
    // 1 for what stays as it was, 0 for what is updated, or between them.
    const kept = (rate: number, { shape }: tf.Tensor): tf.Tensor | number =>
      drawing ? tf.cast(tf.less(uniformTensor(shape, drawing.stepRandom), rate), "float32") : rate;
    const step = (input: tf.Tensor2D, before: State) => {
      const updated = inner.step(input, before).state;
      const state = zipStates(updated, before, (now, old, name) => {
        const rate = this.#rates[name] ?? 0;
        return rate === 0 ? now : tf.add(now, tf.mul(kept(rate, now), tf.sub(old, now)));
      });
      return { output: state.h, state };
    };
    return { step, sequence: (input, state, lengths) => loop(step, input, state, lengths) };
  }
}
