import { customGradient, tf } from "@attend/runtime";

/** What `of` makes of `input`, as a constant: comparisons have no gradient, and tfjs-core then throws. */
export function withoutGradient<T extends tf.Tensor>(input: tf.Tensor, of: () => T): T {
  return customGradient<T>(
    [input],
    () => ({ value: of(), saved: [] }),
    () => [tf.zeros(input.shape)],
  );
}
