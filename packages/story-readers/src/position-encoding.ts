import { tf } from "@attend/runtime";
import { pad, type Sentence } from "./stories.ts";

/**
 * Encodes sentences as sums of their words' vectors. With position encoding, the element k (of d) of word j (of J)
 * counts by its place (Sukhbaatar et al. 2015, section 4.1, counted from 1):
 *
 *     l_kj = (1 - j / J) - (k / d) (1 - 2 j / J)
 *
 * Each sum is two products with a weight for each word, `a - (k / d) b`. An empty sentence is 0.
 *
 * @param table the words' vectors, `[words, size]`; or several tables side by side, `[words, n size]`
 * @returns `[sentences, size]`, or `[sentences, n size]`
 */
export function encodeSentences(
  sentences: readonly Sentence[],
  table: tf.Tensor2D,
  options: { readonly size: number; readonly positionEncoding?: boolean },
): tf.Tensor2D {
  const { size, positionEncoding = true } = options;
  const { ids } = pad(sentences);
  const [count, steps] = ids.shape;
  const weights = new Float32Array(count * 2 * steps);
  for (const [row, { length }] of sentences.entries()) {
    for (let word = 0; word < length; word++) {
      const place = (word + 1) / length;
      const at = row * 2 * steps + word;
      weights[at] = positionEncoding ? 1 - place : 1;
      weights[at + steps] = positionEncoding ? 1 - 2 * place : 0;
    }
  }
  const width = table.shape[1];
  const factors = new Float32Array(2 * width).fill(1, 0, width);
  for (let k = 0; k < width; k++) factors[width + k] = -((k % size) + 1) / size;
  const vectors = tf.gather<tf.Tensor>(table, ids);
  const sums = tf.matMul<tf.Tensor3D>(tf.tensor3d(weights, [count, 2, steps]), vectors);
  return tf.sum<tf.Tensor2D>(tf.mul(sums, tf.tensor2d(factors, [2, width])), 1);
}
