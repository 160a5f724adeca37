import type { Module } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose } from "@attend/test-kit";
import fc from "fast-check";
import { batch, normal, size, steps } from "./cells.ts";

export interface Ran {
  /** `[batch, steps, units]` */
  readonly output: tf.Tensor3D;
  /** Steps of `output` for a sequence of this length. */
  readonly stepsOf?: (length: number) => number;
  /** All other results, `[batch, units]` each. */
  readonly others: readonly tf.Tensor2D[];
}

/**
 * Checks that each sequence has the same output, states and gradients as on its own, regardless of the
 * padding; output and gradient of the padding are zero.
 */
export function expectPaddingChangesNothing(
  module: Module,
  run: (input: tf.Tensor3D, lengths?: readonly number[]) => Ran,
): void {
  const parameters = module.parameters();
  const lossOf = ({ output, others }: Ran) =>
    tf.addN([tf.sum(tf.sin(output)), ...others.map((other) => tf.sum(tf.square(other)))]);
  const gradientsOf = (input: tf.Tensor3D, lengths?: readonly number[]) =>
    tf.grads((x) => lossOf(run(x as tf.Tensor3D, lengths)))([input, ...parameters]);

  const property = (seed: number, lengths: number[], padding: number) => {
    tf.tidy(() => {
      const input = normal<tf.Rank.R3>([batch, steps, size], seed);
      const mask = lengths.flatMap((n) => [...Array(steps).keys()].map((t) => t < n));
      const valid = tf.tensor3d(mask, [batch, steps, 1], "bool");
      const padded: tf.Tensor3D = tf.where(valid, input, tf.fill(input.shape, padding));
      const { output, others, stepsOf } = run(padded, lengths);
      const [ofInput, ...ofParameters] = gradientsOf(padded, lengths);
      const sums = parameters.map((parameter) => tf.zerosLike(parameter));
      lengths.forEach((length, row) => {
        const single: tf.Tensor3D = tf.slice(input, [row, 0, 0], [1, length, -1]);
        const expected = run(single);
        const end = stepsOf?.(length) ?? length;
        expectClose(tf.slice(output, [row, 0, 0], [1, end, -1]), expected.output);
        const past = tf.slice(output, [row, end, 0], [1, -1, -1]);
        expectClose(past, tf.zerosLike(past), 0);
        others.forEach((other, i) => {
          expectClose(tf.slice(other, row, 1), expected.others[i] ?? 0);
        });
        const [dSingle, ...dParameters] = gradientsOf(single);
        const rest: [number, number][] = [
          [0, 0],
          [0, steps - length],
          [0, 0],
        ];
        expectClose(tf.slice(ofInput ?? 0, [row, 0, 0], [1, -1, -1]), tf.pad(dSingle ?? 0, rest));
        dParameters.forEach((gradient, i) => {
          sums[i] = tf.add(sums[i] ?? 0, gradient);
        });
      });
      sums.forEach((sum, i) => {
        expectClose(ofParameters[i] ?? 0, sum, 2e-5);
      });
    });
  };
  const length = fc.integer({ min: 1, max: steps });
  const lengths = fc.array(length, { minLength: batch, maxLength: batch });
  const padding = fc.constantFrom(0, 1, -1e30, Number.NaN);
  fc.assert(fc.property(fc.nat(), lengths, padding, property), { numRuns: 3, seed: 1 });
}
