import { tf } from "@attend/runtime";
import type { Words } from "../fusion.ts";
import type { ReadQuestion } from "./question-reader.ts";

/** A smaller group costs more than the padding that it saves. */
const fewestRows = 32;
const mostGroups = 5;

/**
 * Reads questions in groups of similar length, so that little padding is read. A small batch is one group.
 *
 * @param read reads a group; `rows` are its rows of the batch, undefined for all
 * @returns in the order of the batch; the surrounding scope owns it
 */
export function readByLength(
  words: Words,
  read: (words: Words, rows: tf.Tensor1D | undefined) => ReadQuestion,
): ReadQuestion {
  const { vectors, lengths } = words;
  const size = Math.max(fewestRows, Math.ceil(lengths.length / mostGroups));
  if (lengths.length < 2 * size) return read(words, undefined);
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const parts: ReadQuestion[] = [];
  for (let at = 0; at < order.length; at += size) {
    const group = order.slice(at, at + size);
    const own = group.map((row) => lengths[row] ?? 0);
    const [longest, rows] = [Math.max(...own), tf.tensor1d(group, "int32")];
    const shortened = tf.slice(tf.gather(vectors, rows), [0, 0, 0], [-1, longest, -1]);
    const part = read({ vectors: shortened, lengths: own }, rows);
    parts.push({ ...part, words: padSteps(part.words, vectors.shape[1]) });
  }
  const places = new Int32Array(order.length);
  for (const [place, row] of order.entries()) places[row] = place;
  const inOrder = <T extends tf.Tensor>(tensors: T[]): T => tf.gather(tf.concat(tensors), places);
  return {
    words: inOrder(parts.map((part) => part.words)),
    vector: inOrder(parts.map((part) => part.vector)),
  };
}

function padSteps(words: tf.Tensor3D, steps: number): tf.Tensor3D {
  return tf.pad3d(words, [
    [0, 0],
    [0, steps - words.shape[1]],
    [0, 0],
  ]);
}
