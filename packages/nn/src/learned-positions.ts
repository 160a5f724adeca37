import { AttendError, tf } from "@attend/runtime";
import type { Embedding } from "./layers.ts";

/**
 * The vectors of the positions `first`, `first + 1`, ... in a table of one for each: `[steps, size]`.
 *
 * @throws AttendError BAD_ARGUMENT for more steps than the table has learnt positions
 */
export function learnedPositions({ table }: Embedding, first: number, steps: number): tf.Tensor2D {
  const [count] = table.shape;
  if (first + steps <= count) return tf.slice(table, [first, 0], [steps, -1]);
  throw new AttendError(
    "BAD_ARGUMENT",
    `this model has learnt ${count} positions, but ${first + steps} tokens were given; give it shorter pieces`,
  );
}
