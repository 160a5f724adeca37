import { uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { type Attended, attend } from "./attend.ts";
import type { Score } from "./scores/score.ts";
import { withoutGradient } from "./without-gradient.ts";

/**
 * Hard attention: one position a query, drawn from the softmax of the scores (Xu et al. 2015, section 4.1),
 * without `random` the likeliest. A draw has no gradient: to learn, weight `logProbability` by a reward
 * (eq. 12), or take the gradient of soft attention.
 *
 * Shapes are those of {@link attend}, which says more.
 *
 * @returns `weights` are 1 at the position and 0 elsewhere; `logProbability` `[batch, queries]` of the
 *   positions that were chosen
 */
export function hardAttend(
  score: Score,
  query: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { mask, random }: { mask?: tf.Tensor; random?: Random | undefined } = {},
): Attended & { readonly logProbability: tf.Tensor2D } {
  const soft = attend(score, query, keys, values, mask).weights;
  const positions = soft.shape[2];
  const chosen = withoutGradient(soft, () => {
    const place = tf.argMax(chances(soft, random), 2);
    return tf.oneHot(place, positions, 1, 0, "float32") as tf.Tensor3D;
  });
  return {
    context: tf.matMul(chosen, values),
    weights: chosen,
    logProbability: tf.log(tf.sum(tf.mul(chosen, soft), 2)),
  };
}

/** Of the largest of these a position is drawn: `log w + g` with g of Gumbel's distribution. */
function chances(weights: tf.Tensor3D, random: Random | undefined): tf.Tensor3D {
  if (random === undefined) return weights;
  // -log(1 - u) is exponential; 1 - u lies in (0, 1]. As exp(log w + g) = w / -log(1 - u).
  const waits = tf.neg(tf.log(tf.sub(1, uniformTensor(weights.shape, random))));
  return tf.div(weights, tf.maximum(waits, 1e-30));
}
