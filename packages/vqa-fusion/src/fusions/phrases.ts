import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/** Numbers of words. */
const widths = [1, 2, 3];

/**
 * The phrase that starts at each word: the strongest of three convolutions, over one, two and three words
 * (Lu et al. 2016, equations 1 and 2).
 *
 *     p_t = max over s of tanh([q_t; ...; q_t+s-1] W_s + b_s)
 */
export class Phrases extends Module {
  readonly windows: readonly Linear[];

  constructor(size: number, random: Random | undefined) {
    super();
    this.windows = widths.map((width) => new Linear(width * size, size, random));
  }

  /**
   * @param words `[rows, steps, size]`, zero past each question's length
   * @returns like `words`, but with any values past the lengths
   */
  forward(words: tf.Tensor3D): tf.Tensor3D {
    const steps = words.shape[1];
    const padded = tf.pad3d(words, [
      [0, 0],
      [0, widths.length - 1],
      [0, 0],
    ]);
    const shifted = widths.map((_, shift) => tf.slice(padded, [0, shift, 0], [-1, steps, -1]));
    const sums = this.windows.map((layer, i) =>
      layer.forward(tf.concat(shifted.slice(0, widths[i]), 2)),
    );
    return tf.tanh(sums.reduce((strongest, sum) => tf.maximum(strongest, sum)));
  }
}
