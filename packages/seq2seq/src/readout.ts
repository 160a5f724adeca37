import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/** Inputs of a {@link Readout}, `[..., size]` each. */
export interface ReadoutInputs<T> {
  readonly hidden: T;
  readonly context: T | undefined;
  readonly word: T;
}

/**
 * `tanh(W [hidden; context])`, Luong's attentional hidden state (Luong et al. 2015, eq. 5), or maxout
 * over pairs of units of a layer of state, context and last word (Bahdanau et al. 2015, A.2.2;
 * Goodfellow et al. 2013).
 */
export class Readout extends Module {
  readonly combine: Linear;
  readonly #maxout: boolean;

  constructor(
    kind: "tanh" | "maxout",
    sizes: { hidden: number; context: number; word: number; output: number },
    random: Random | undefined,
  ) {
    super();
    this.#maxout = kind === "maxout";
    const { hidden, context, word, output } = sizes;
    this.combine = this.#maxout
      ? new Linear(hidden + context + word, 2 * output, random)
      : new Linear(hidden + context, output, random);
  }

  forward<T extends tf.Tensor>({ hidden, context, word }: ReadoutInputs<T>): T {
    const parts = [hidden, ...(context ? [context] : []), ...(this.#maxout ? [word] : [])];
    const sums = this.combine.forward(parts.length === 1 ? hidden : tf.concat<T>(parts, -1));
    if (!this.#maxout) return tf.tanh(sums);
    const [first, second] = tf.split<T>(sums, 2, -1);
    return tf.maximum<T>(first ?? sums, second ?? sums);
  }
}
