import { dropout, Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/**
 * A gated convolution: `(W x + b) * sigmoid(V x + c)` of each window x (Dauphin et al. 2017, eq. 1). A
 * window is the concatenation of its inputs, so that training and a step are each one matrix product.
 */
export class GatedConvolution extends Module {
  readonly width: number;
  /** `[width * size, 2 size]`: W, then V. */
  readonly window: Linear;
  readonly #dropout: number;

  constructor(
    { size, width, dropout: rate }: { size: number; width: number; dropout: number },
    random: Random | undefined,
  ) {
    super();
    this.width = width;
    this.window = new Linear(width * size, 2 * size, random);
    this.#dropout = rate;
  }

  /**
   * Padded with zeros at both ends.
   *
   * @param input `[rows, steps, size]`
   * @param causal windows end at their position; otherwise they are centered (with an even width, one
   *   position fewer before than after)
   */
  forward(
    input: tf.Tensor3D,
    { causal, random }: { causal: boolean; random?: Random | undefined },
  ): tf.Tensor3D {
    const { width } = this;
    const steps = input.shape[1];
    const before = causal ? width - 1 : (width - 1) >> 1;
    const padded = tf.pad(dropout(input, this.#dropout, random), [
      [0, 0],
      [before, width - 1 - before],
      [0, 0],
    ]);
    const shifted = Array.from({ length: width }, (_, k) =>
      tf.slice(padded, [0, k, 0], [-1, steps, -1]),
    );
    return this.#gated(tf.concat(shifted, 2));
  }

  /** @param window `[rows, width * size]`, the oldest input first */
  step(window: tf.Tensor2D): tf.Tensor2D {
    return this.#gated(window);
  }

  #gated<T extends tf.Tensor>(window: T): T {
    const [value, gate] = tf.split(this.window.forward(window), 2, window.rank - 1) as [T, T];
    return tf.mul<T>(value, tf.sigmoid(gate));
  }
}

/** A sum that preserves variance, `(a + b) sqrt(1/2)` (Gehring et al. 2017, section 3.4). */
export function scaledSum<T extends tf.Tensor>(a: T, b: T): T {
  return tf.mul(tf.add(a, b), Math.SQRT1_2) as T;
}
