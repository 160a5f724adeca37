import { customGradient, type tf } from "@attend/runtime";

/**
 * Runs `body` unseen by a surrounding gradient: it records nothing and keeps no intermediate
 * tensor. What it returns counts as a constant.
 */
export function unrecorded<T extends tf.Tensor>(body: () => T): T {
  return customGradient<T>(
    [],
    () => ({ value: body(), saved: [] }),
    () => [],
  );
}
