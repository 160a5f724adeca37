import { uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { Cell, type HiddenState, type Running, type Step } from "../cell.ts";
import { loop } from "../loop.ts";
import { zipStates } from "../state.ts";

/**
 * Zoneout (Krueger et al. 2017): each unit of the state keeps its former value with
 * probability `rate` instead of being updated, anew at each step. Without `random` the expectation,
 * `rate * former + (1 - rate) * updated`. The output is the `h` that results.
 */
export class ZoneoutCell<State extends HiddenState> extends Cell<State> {
  readonly cell: Cell<State>;
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: Cell<State>["stateSizes"];
  readonly #rates: ZoneoutRates<State>;

  /** @param rates by the state's name, 0 where absent; the paper has 0.05 for `h` and 0.5 for `c`. */
  constructor(cell: Cell<State>, rates: ZoneoutRates<State>) {
    super();
    this.cell = cell;
    this.inputSize = cell.inputSize;
    this.units = cell.units;
    this.stateSizes = cell.stateSizes;
    this.#rates = rates;
  }

  step(input: tf.Tensor2D, state: State): Step<State> {
    return this.#blend(state, this.cell.step(input, state).state, (rate) => rate);
  }

  override drawn(batch: number, random: Random, stepRandom: Random): Running<State> {
    const inner = this.cell.drawn(batch, random, stepRandom);
    const step = (input: tf.Tensor2D, state: State) =>
      this.#blend(state, inner.step(input, state).state, (rate, { shape }) =>
        tf.cast(tf.less(uniformTensor(shape, stepRandom), rate), "float32"),
      );
    return { step, sequence: (input, state, lengths) => loop(step, input, state, lengths) };
  }

  /** @param kept 1 for what stays as it was, 0 for what is updated, or between them. */
  #blend(
    before: State,
    updated: State,
    kept: (rate: number, like: tf.Tensor) => tf.Tensor | number,
  ): Step<State> {
    const state = zipStates(updated, before, (now, old, name) => {
      const rate = this.#rates[name] ?? 0;
      return rate === 0 ? now : tf.add(now, tf.mul(kept(rate, now), tf.sub(old, now)));
    });
    return { output: state.h, state };
  }
}

export type ZoneoutRates<State> = { readonly [Name in keyof State]?: number };
