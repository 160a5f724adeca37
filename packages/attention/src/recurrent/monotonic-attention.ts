import { type Parameter, parameter, uniformTensor } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { maskLogits } from "../mask.ts";
import { oneHot } from "../one-hot.ts";
import type { Score } from "../scores/score.ts";
import { expectedAlignments, hardAlignments } from "./monotonic-alignment.ts";
import {
  type AttentionWeights,
  RecurrentAttention,
  type RecurrentAttentionOptions,
  type RecurrentAttentionState,
} from "./recurrent-attention.ts";

/**
 * Hard monotonic attention (Raffel et al. 2017): each step continues from the position of the previous
 * one and stops at the first position whose probability `sigmoid(score + r)` is above 1/2. If there is
 * none, the context is zero for this and all later steps.
 *
 * With `random`, in training, the weights are their expectation over random stops, which is
 * differentiable (eq. 8 and 9), and normal noise on the scores pushes the probabilities to 0 or 1
 * (section 2.5). The weights sum to at most 1.
 */
export class MonotonicAttention extends RecurrentAttention {
  /** r, `[1]`; starts below 0, so that an untrained model does not stop immediately (section 2.4). */
  readonly offset: Parameter<tf.Rank.R1>;

  constructor(score: Score) {
    super(score);
    this.offset = parameter(tf.tensor1d([-1]));
  }

  start(rows: number, positions: number): RecurrentAttentionState {
    return { alignment: firstPosition(rows, positions) };
  }

  protected computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
    options?: RecurrentAttentionOptions,
  ): AttentionWeights {
    const [rows, positions] = keys.shape;
    const random = options?.random;
    const scores: tf.Tensor3D = tf.add(this.score.logits(queries, keys), this.offset);
    const noisy: tf.Tensor3D = random ? tf.add(scores, normalTensor(scores.shape, random)) : scores;
    const energies = mask === undefined ? noisy : maskLogits(noisy, mask);
    const alignment = state["alignment"];
    const previous = alignment instanceof tf.Tensor ? alignment : firstPosition(rows, positions);
    const weights = (random ? expectedAlignments : hardAlignments)(
      energies,
      tf.expandDims(previous, 1),
    );
    const last = tf.slice(weights, [0, queries.shape[1] - 1, 0], [-1, 1, -1]);
    return { weights, state: { alignment: tf.squeeze(last, [1]) } };
  }
}

function firstPosition(rows: number, positions: number): tf.Tensor2D {
  return oneHot(tf.zeros([rows], "int32"), positions) as tf.Tensor2D;
}

/** Standard normal numbers (Box & Muller 1958). */
function normalTensor(shape: number[], random: Random): tf.Tensor {
  // 1 - u is in (0, 1], so the logarithm is finite.
  const radius = tf.sqrt(tf.mul(-2, tf.log(tf.sub(1, uniformTensor(shape, random)))));
  return tf.mul(radius, tf.cos(tf.mul(2 * Math.PI, uniformTensor(shape, random))));
}
