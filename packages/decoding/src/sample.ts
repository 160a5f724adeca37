import { uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { badOption, checkCount } from "./options.ts";

/** Chooses the next token of each row: `[rows, vocabulary] -> [rows]`. */
export type Choose = (logits: tf.Tensor2D) => tf.Tensor1D;

/** Options of {@link sampling}. */
export interface SamplingOptions {
  /** Below 1 sharpens the distribution, above 1 flattens it. */
  readonly temperature?: number | undefined;
  /** Sample only from the k most likely tokens (Fan et al. 2018). */
  readonly topK?: number | undefined;
  /** Sample only from the smallest set of tokens with this probability (Holtzman et al. 2020). */
  readonly topP?: number | undefined;
}

/** Chooses the most likely token. */
export const greedily: Choose = (logits) => tf.argMax(logits, 1);

/** Samples from the distribution, by inversion, with one number of `random` per row. */
export function sampling(random: Random, options: SamplingOptions = {}): Choose {
  const { temperature = 1, topK, topP } = options;
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw badOption("temperature", temperature, "a number above 0");
  }
  if (topK !== undefined) checkCount("topK", topK);
  if (topP !== undefined && !(topP > 0 && topP <= 1)) throw badOption("topP", topP, "in (0, 1]");
  return (logits) =>
    tf.tidy(() => {
      let scaled: tf.Tensor2D = tf.div(logits, temperature);
      if (topK !== undefined) scaled = keepTopK(scaled, Math.min(topK, scaled.shape[1]));
      if (topP !== undefined) scaled = keepTopP(scaled, topP);
      const [rows, columns] = scaled.shape;
      const sums: tf.Tensor2D = tf.cumsum(tf.softmax(scaled), 1);
      const total = tf.slice(sums, [0, columns - 1], [rows, 1]);
      // Scaled below the total, because a number just below 1 may be rounded to 1.
      const sample = tf.mul(uniformTensor([rows, 1], random), tf.mul(total, 1 - 2 ** -23));
      return tf.sum<tf.Tensor1D>(tf.cast(tf.lessEqual(sums, sample), "int32"), 1);
    });
}

function keepTopK(logits: tf.Tensor2D, k: number): tf.Tensor2D {
  const threshold = tf.min(tf.topk(logits, k).values, 1, true);
  return mask(logits, threshold);
}

function keepTopP(logits: tf.Tensor2D, p: number): tf.Tensor2D {
  const sorted = tf.topk(logits, logits.shape[1]).values;
  const before = tf.cumsum(tf.softmax(sorted), 1, true); // probability of the more likely tokens
  const kept = tf.less(before, p);
  const threshold = tf.min(
    tf.where(kept, sorted, tf.fill(sorted.shape, Number.MAX_VALUE)),
    1,
    true,
  );
  return mask(logits, threshold);
}

function mask(logits: tf.Tensor2D, threshold: tf.Tensor): tf.Tensor2D {
  return tf.where(tf.greaterEqual(logits, threshold), logits, tf.fill(logits.shape, -1e9));
}
