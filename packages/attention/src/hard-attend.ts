import { uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { type AttentionResult, attend } from "./attend.ts";
import { oneHot } from "./one-hot.ts";
import type { Score } from "./scores/score.ts";
import { withoutGradient } from "./without-gradient.ts";

/**
 * Hard attention: one position per query, sampled from the softmax of the scores (Xu et al. 2015,
 * section 4.1), or the most likely one without `random`. Sampling has no gradient: to train, weight
 * `logProbability` by a reward (eq. 12), or use the gradient of soft attention.
 *
 * The shapes are those of {@link attend}.
 *
 * @returns `weights` are 1 at the chosen position and 0 elsewhere; `logProbability`
 *   `[batch, queries]` of the chosen positions
 */
export function hardAttend(
  score: Score,
  query: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { mask, random }: { mask?: tf.Tensor; random?: Random | undefined } = {},
): AttentionResult & { readonly logProbability: tf.Tensor2D } {
  const soft = attend(score, query, keys, values, mask).weights;
  const positions = soft.shape[2];
  const chosen = withoutGradient(soft, () => {
    const position = tf.argMax(perturb(soft, random), 2);
    return oneHot(position, positions) as tf.Tensor3D;
  });
  return {
    context: tf.matMul(chosen, values),
    weights: chosen,
    logProbability: tf.log(tf.sum(tf.mul(chosen, soft), 2)),
  };
}

/** Gumbel-max sampling: the argmax of `log w + g`, with g from the Gumbel distribution, is a sample. */
function perturb(weights: tf.Tensor3D, random: Random | undefined): tf.Tensor3D {
  if (random === undefined) return weights;
  // exp(log w + g) = w / e, where e = -log(1 - u) is exponentially distributed; 1 - u is in (0, 1].
  const exponential = tf.neg(tf.log(tf.sub(1, uniformTensor(weights.shape, random))));
  return tf.div(weights, tf.maximum(exponential, 1e-30));
}
