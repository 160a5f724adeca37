import { customGradient } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { nativeKernel } from "../kernels.ts";
import type { Random } from "../random.ts";
import { tf } from "../tf.ts";

/**
 * Dropout in one pass: two numbers from `random` determine the mask, which is recomputed for the
 * gradient and never stored. See `dropout` of `@attend/nn`.
 *
 * @returns a tensor of the shape of `input`; undefined if the engine has no kernel for it
 */
export function fusedDropout<T extends tf.Tensor>(
  input: T,
  rate: number,
  random: Random,
): T | undefined {
  if (!hasFusedKernels()) return undefined;
  const attributes = [{ name: "rate", type: "float", value: rate } as const];
  const numbers = [random.integer(2 ** 31), random.integer(2 ** 31)];
  const drop = (x: tf.Tensor, seeds: tf.Tensor) =>
    nativeKernel("AttendDropout", attributes, [x, seeds]);
  return customGradient<T>(
    [input],
    () => {
      const seeds = tf.tensor1d(numbers, "int32");
      return { value: drop(input, seeds) as T, saved: [seeds] };
    },
    (dy, saved) => saved.map((seeds) => drop(dy, seeds)),
  );
}
