import { tf } from "@attend/runtime";

/**
 * How much each element of each word's vector counts in its sentence, `[sentences, steps, size]`; 0 past the sentence's
 * length. With position encoding (section 4.1, counted from 1):
 *
 *     l_kj = (1 - j / J) - (k / d) (1 - 2 j / J)
 */
export function positionWeights(
  lengths: readonly number[],
  steps: number,
  size: number,
  positionEncoding: boolean,
): tf.Tensor3D {
  const weights = new Float32Array(lengths.length * steps * size);
  for (const [sentence, length] of lengths.entries()) {
    for (let word = 0; word < length; word++) {
      const place = (word + 1) / length;
      const at = (sentence * steps + word) * size;
      for (let k = 0; k < size; k++) {
        weights[at + k] = positionEncoding ? 1 - place - ((k + 1) / size) * (1 - 2 * place) : 1;
      }
    }
  }
  return tf.tensor3d(weights, [lengths.length, steps, size]);
}
