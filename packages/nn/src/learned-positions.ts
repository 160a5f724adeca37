import { AttendError, tf } from "@attend/runtime";
import type { Embedding } from "./layers.ts";

/**
 * The learned vectors of the positions `first`, `first + 1`, ...: `[steps, size]`.
 *
 * @throws AttendError BAD_ARGUMENT past the end of the table
 */
export function learnedPositions({ table }: Embedding, first: number, steps: number): tf.Tensor2D {
  const [count] = table.shape;
  if (first + steps <= count) return tf.slice(table, [first, 0], [steps, -1]);
  throw new AttendError(
    "BAD_ARGUMENT",
    `${first + steps} tokens, but this model has learned ${count} positions; split the text`,
  );
}
