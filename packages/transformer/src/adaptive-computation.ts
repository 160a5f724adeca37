import { withoutGradient } from "@attend/attention";
import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/** What positions became, and what it took. */
export interface Computed {
  /** `[rows, positions, size]`: the mean of the states of all steps, by their halting probabilities. */
  readonly output: tf.Tensor3D;
  /** `[rows, positions]`: the number of steps, and the remainder of the last; 0 for padding (Graves 2016, eq. 8). */
  readonly ponder: tf.Tensor2D;
}

/** At first, positions take about 4 steps: from fewer, a network rarely learns to take more. */
const initialBias = -1;

/**
 * Adaptive computation time (Graves 2016, section 2) for each position by itself, as in Universal Transformers (Dehghani
 * et al. 2019, section 2.2): after step t a position halts with the probability h_t, and takes N steps, until their sum
 * exceeds the threshold or there are `maxSteps`.
 *
 *     h_t = sigmoid(w s_{t-1} + b)    p_t = h_t for t < N, R = 1 - sum_{t < N} h_t for t = N    output = sum_t p_t s_t
 *
 * N + R is what computing costs; only R has a gradient.
 */
export class AdaptiveComputation extends Module {
  readonly halting: Linear;
  readonly #maxSteps: number;
  readonly #threshold: number;

  /** @param options.threshold the paper's 1 - epsilon; default 0.99 */
  constructor(
    size: number,
    random: Random | undefined,
    options: { readonly maxSteps: number; readonly threshold?: number | undefined },
  ) {
    super();
    this.halting = new Linear(size, 1, random);
    tf.tidy(() => this.halting.bias?.assign(tf.tensor1d([initialBias])));
    this.#maxSteps = options.maxSteps;
    this.#threshold = options.threshold ?? 0.99;
  }

  /**
   * Steps until all positions have halted. Call it inside `tf.tidy`.
   *
   * @param input s_0, `[rows, positions, size]`
   * @param mask `[rows, positions]`, 1 at valid positions; the others take no part
   * @param step computes all positions' next states; `t` counts from 0
   */
  run(
    input: tf.Tensor3D,
    mask: tf.Tensor2D,
    step: (state: tf.Tensor3D, t: number) => tf.Tensor3D,
  ): Computed {
    let state = input;
    let running = mask;
    let sum: tf.Tensor2D = tf.zerosLike(mask);
    let output: tf.Tensor3D = tf.zerosLike(input);
    let ponder: tf.Tensor2D = tf.zerosLike(mask);
    for (let t = 0; t < this.#maxSteps; t++) {
      const chance = tf.mul(tf.sigmoid(tf.squeeze(this.halting.forward(state), [2])), running);
      const next = tf.add<tf.Tensor2D>(sum, chance);
      const isLast = t === this.#maxSteps - 1;
      const going: tf.Tensor2D = isLast
        ? tf.zerosLike(running)
        : tf.mul(running, this.#belowThreshold(next));
      const remainder = tf.mul(tf.sub(running, going), tf.sub(1, sum));
      const weight = tf.add<tf.Tensor2D>(tf.mul(chance, going), remainder);
      state = step(state, t);
      output = tf.add(output, tf.mul(state, tf.expandDims(weight, 2)));
      ponder = tf.add(ponder, tf.add(running, remainder));
      [sum, running] = [tf.add(sum, weight), going];
      if (isLast || tf.max(running).dataSync()[0] === 0) break;
    }
    return { output, ponder };
  }

  #belowThreshold(sum: tf.Tensor2D): tf.Tensor2D {
    return withoutGradient<tf.Tensor2D>(sum, () =>
      tf.cast(tf.lessEqual(sum, this.#threshold), "float32"),
    );
  }
}
