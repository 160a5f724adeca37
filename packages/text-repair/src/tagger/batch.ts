import { tf } from "@attend/runtime";
import { maxParts, partsOf } from "./parts.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Texts for a network. Their owner disposes the tensors. */
export interface WordBatch {
  /** The different words, `[words]` int32. */
  readonly ids: tf.Tensor1D;
  /** Their parts, padded, `[words, maxParts]` int32. */
  readonly parts: tf.Tensor2D;
  /** 1 / the number of parts, and 0 for padding, `[words, 1, maxParts]` */
  readonly weights: tf.Tensor3D;
  /** For each position of the texts, its word's row in `ids`, `[rows, steps]` int32. */
  readonly positions: tf.Tensor2D;
  readonly lengths: readonly number[];
}

/** The parts of a batch to dispose. */
export function disposeBatch({ ids, parts, weights, positions }: WordBatch): void {
  tf.dispose([ids, parts, weights, positions]);
}

/**
 * Makes a batch of texts, each of one word or more. A word that occurs several times is looked up once.
 *
 * @param texts keys of words
 * @param isForgotten whether a word counts as unknown, to learn what its parts say; default: none
 */
export function batchOf(
  texts: readonly (readonly string[])[],
  {
    vocabulary,
    buckets,
    isForgotten = () => false,
  }: {
    vocabulary: Vocabulary;
    buckets: number;
    isForgotten?: (key: string) => boolean;
  },
): WordBatch {
  const rows = new Map<string, number>();
  const lengths = texts.map(({ length }) => length);
  const steps = Math.max(...lengths);
  const positions = new Int32Array(texts.length * steps);
  for (const [row, text] of texts.entries()) {
    for (const [step, key] of text.entries()) {
      const index = rows.get(key) ?? rows.size;
      rows.set(key, index);
      positions[row * steps + step] = index;
    }
  }
  const words = [...rows.keys()];
  const parts = new Int32Array(words.length * maxParts);
  const weights = new Float32Array(words.length * maxParts);
  for (const [row, key] of words.entries()) {
    const found = partsOf(key, buckets);
    parts.set(found, row * maxParts);
    weights.fill(1 / found.length, row * maxParts, row * maxParts + found.length);
  }
  const ids = words.map((key) => (isForgotten(key) ? 0 : vocabulary.idOf(key)));
  return {
    ids: tf.tensor1d(ids, "int32"),
    parts: tf.tensor2d(parts, [words.length, maxParts], "int32"),
    weights: tf.tensor3d(weights, [words.length, 1, maxParts]),
    positions: tf.tensor2d(positions, [texts.length, steps], "int32"),
    lengths,
  };
}
