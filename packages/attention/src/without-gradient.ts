import { customGradient, tf } from "@attend/runtime";

/**
 * A function of `input` as a constant: tfjs-core throws in the backward pass of operations without
 * a gradient, such as comparisons.
 */
export function withoutGradient<T extends tf.Tensor>(input: tf.Tensor, compute: () => T): T {
  return customGradient<T>(
    [input],
    () => ({ value: compute(), saved: [] }),
    () => [tf.zeros(input.shape)],
  );
}
