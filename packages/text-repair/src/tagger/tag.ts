import { tf } from "@attend/runtime";
import { batchOf, disposeBatch } from "./batch.ts";
import type { TaggerModel } from "./model.ts";

/** The probability of each class for each word of a text, `[words, classes]`, word by word. */
export interface WordTags {
  readonly marks: Float32Array;
  readonly casings: Float32Array;
}

/**
 * What a network says of texts, each of one word or more, at once.
 *
 * @param texts keys of words
 */
export function tagAll(
  { network, tokens, config }: TaggerModel,
  texts: readonly (readonly string[])[],
): WordTags[] {
  const batch = batchOf(texts, { vocabulary: tokens, buckets: config.buckets });
  const found = tf.tidy(() => {
    const { marks, casings } = network.forward(batch);
    return { marks: tf.softmax(marks), casings: tf.softmax(casings) };
  });
  disposeBatch(batch);
  const steps = batch.positions.shape[1];
  const [marks, casings] = [found.marks, found.casings].map((tensor) => {
    const values = tensor.dataSync<"float32">();
    const classes = tensor.shape[1];
    return batch.lengths.map((length, row) =>
      values.slice(row * steps * classes, (row * steps + length) * classes),
    );
  });
  tf.dispose(found);
  const empty = new Float32Array();
  return texts.map((_, row) => ({
    marks: marks?.[row] ?? empty,
    casings: casings?.[row] ?? empty,
  }));
}

/** The most probable class of each word. */
export function bestClasses(probabilities: Float32Array, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, word) => {
    const row = probabilities.subarray(word * classes, (word + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}
