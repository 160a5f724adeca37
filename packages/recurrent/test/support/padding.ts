import type { Module } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose } from "@attend/test-kit";
import fc from "fast-check";
import { batch, normal, size, steps } from "./cells.ts";

export interface Ran {
  /** `[batch, steps, units]` */
  readonly output: tf.Tensor3D;
  /** Steps of `output` for a sequence of so many. */
  readonly stepsOf?: (length: number) => number;
  /** Everything else that the sequence decides, `[batch, units]` each. */
  readonly others: readonly tf.Tensor2D[];
}

/**
 * Whatever the padding holds, each sequence has the output, the states and the gradients that it has
 * alone; the output behind it is zero and the gradient of the padding too.
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
      const counts = lengths.flatMap((n) => [...Array(steps).keys()].map((t) => t < n));
      const real = tf.tensor3d(counts, [batch, steps, 1], "bool");
      const padded: tf.Tensor3D = tf.where(real, input, tf.fill(input.shape, padding));
      const { output, others, stepsOf } = run(padded, lengths);
      const [ofInput, ...ofParameters] = gradientsOf(padded, lengths);
      const sums = parameters.map((parameter) => tf.zerosLike(parameter));
      lengths.forEach((length, row) => {
        const own: tf.Tensor3D = tf.slice(input, [row, 0, 0], [1, length, -1]);
        const alone = run(own);
        const end = stepsOf?.(length) ?? length;
        expectClose(tf.slice(output, [row, 0, 0], [1, end, -1]), alone.output);
        const behind = tf.slice(output, [row, end, 0], [1, -1, -1]);
        expectClose(behind, tf.zerosLike(behind), 0);
        others.forEach((other, i) => {
          expectClose(tf.slice(other, row, 1), alone.others[i] ?? 0);
        });
        const [ofOwn, ...ofThis] = gradientsOf(own);
        const rest: [number, number][] = [
          [0, 0],
          [0, steps - length],
          [0, 0],
        ];
        expectClose(tf.slice(ofInput ?? 0, [row, 0, 0], [1, -1, -1]), tf.pad(ofOwn ?? 0, rest));
        ofThis.forEach((gradient, i) => {
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
