import { dropout, Linear, Module } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";

/**
 * Scores the most common answers. One answer each: softmax, with the loss `crossEntropy` of `@attend/nn`;
 * several, or one that is right in part: sigmoid, with the loss {@link binaryCrossEntropy}.
 */
export class AnswerClasses extends Module {
  readonly output: Linear;
  readonly #dropout: number;

  /**
   * @param size of the joint vector: a fusion's `size`
   * @param options.dropout rate of the joint vector's features; default 0
   * @param random initializes the weights; without it they are zero, to be loaded
   */
  constructor(size: number, classes: number, options?: { dropout?: number }, random?: Random) {
    super();
    this.output = new Linear(size, classes, random);
    this.#dropout = options?.dropout ?? 0;
  }

  /**
   * `[rows, size] -> [rows, classes]`; the caller, or the `tf.tidy` around it, owns the result.
   *
   * @param options.random enables dropout; call it within `tf.tidy` then
   */
  logits(joint: tf.Tensor2D, options?: { random?: Random | undefined }): tf.Tensor2D {
    return this.output.forward(dropout(joint, this.#dropout, options?.random));
  }
}
