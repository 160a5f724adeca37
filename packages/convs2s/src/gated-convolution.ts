import { dropout, Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/**
 * A convolution over positions behind a gate: `(W x + b) * sigmoid(V x + c)` of each window x of inputs (Dauphin et
 * al. 2017, eq. 1). The window is its inputs side by side, so that training and a step are one product.
 */
export class GatedConvolution extends Module {
  readonly width: number;
  /** `[width * size, 2 size]`: what is said, then its gate. */
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
   * Beyond the ends lie zeros.
   *
   * @param input `[rows, steps, size]`
   * @param causal a position sees itself and those before, else as many before as behind (of an even number, one
   *   less before)
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
    const [said, gate] = tf.split(this.window.forward(window), 2, window.rank - 1) as [T, T];
    return tf.mul<T>(said, tf.sigmoid(gate));
  }
}

/** The mean of two as variances have it: what is added keeps the size of its parts (Gehring et al. 2017, section 3.4). */
export function halfSum<T extends tf.Tensor>(a: T, b: T): T {
  return tf.mul(tf.add(a, b), Math.SQRT1_2) as T;
}
