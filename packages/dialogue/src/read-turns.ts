import type { SourceBatch } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { groupsByLength, padded, type Turn } from "./turns.ts";

/** Turns whose words were read. */
export interface ReadTurns {
  /** The words of all turns, with some padding, `[positions, units]`. */
  readonly words: tf.Tensor2D;
  /** The position of each turn's first word. */
  readonly starts: readonly number[];
  /** Each turn as one vector, `[turns, units]`. */
  readonly summaries: tf.Tensor2D;
}

/**
 * Reads turns in groups of similar length: most are far shorter than the longest.
 *
 * @param read reads padded turns: memory `[rows, positions, units]`, summary `[rows, units]`
 */
export function readTurns(
  turns: readonly Turn[],
  pad: number,
  read: (turns: SourceBatch) => { memory: tf.Tensor3D; summary: tf.Tensor2D },
): ReadTurns {
  const starts = new Array<number>(turns.length).fill(0);
  const rows = new Int32Array(turns.length);
  const [words, summaries]: [tf.Tensor2D[], tf.Tensor2D[]] = [[], []];
  let [position, row] = [0, 0];
  for (const group of groupsByLength(turns)) {
    const source = padded(
      group.map((index) => turns[index] ?? []),
      pad,
    );
    const { memory, summary } = read(source);
    words.push(tf.reshape(memory, [-1, memory.shape[2]]));
    summaries.push(summary);
    for (const index of group) {
      starts[index] = position;
      rows[index] = row++;
      position += memory.shape[1];
    }
  }
  const order = tf.tensor1d(rows, "int32");
  return { words: tf.concat(words), starts, summaries: tf.gather(tf.concat(summaries), order) };
}
