import { Module } from "@attend/nn";
import { tf } from "@attend/runtime";
import { isRagged, lastOf, zeroPadding } from "../lengths.ts";
import { checkInput, type UnrollOptions } from "../unroll.ts";
import type { Encoded, SequenceEncoder } from "./sequence-encoder.ts";

/**
 * Concatenates every `factor` steps, `[batch, steps, inputSize] -> [batch, ceil(steps / factor),
 * factor * inputSize]`, without weights. Between bidirectional layers it makes a pyramid (Chan et al.
 * 2016, equation 5). The last group is padded with zeros.
 */
export class TimeReduction extends Module implements SequenceEncoder {
  readonly inputSize: number;
  readonly units: number;
  readonly factor: number;

  constructor(inputSize: number, factor: number) {
    super();
    this.inputSize = inputSize;
    this.units = factor * inputSize;
    this.factor = factor;
  }

  forward(input: tf.Tensor3D, options?: UnrollOptions): Encoded {
    const lengths = options?.lengths;
    checkInput(input, this.inputSize, lengths);
    const [batch, steps] = input.shape;
    const groups = Math.ceil(steps / this.factor);
    const real = isRagged(lengths, steps) ? zeroPadding(input, lengths) : input;
    const padded = tf.pad3d(real, [
      [0, 0],
      [0, groups * this.factor - steps],
      [0, 0],
    ]);
    const output: tf.Tensor3D = tf.reshape(padded, [batch, groups, this.units]);
    const reduced = lengths?.map((length) => Math.ceil(length / this.factor));
    return { output, lengths: reduced, summary: lastOf(output, reduced), state: {} };
  }
}
