import { type Parameter, parameter, uniform } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { maskLogits } from "../mask.ts";
import type { AdditiveScore } from "../scores/additive-score.ts";
import {
  type AttentionWeights,
  eachQuery,
  RecurrentAttention,
  type RecurrentAttentionState,
} from "./recurrent-attention.ts";

/**
 * Attention with coverage: the score depends on the coverage `c_t`, the sum of the previous weights,
 * `v^T tanh(q W_q + k W_k + c_t w_c + b)` (See, Liu & Manning 2017, eq. 10 and 11; Tu et al. 2016).
 * Trained with `coverageLoss`.
 */
export class CoverageAttention extends RecurrentAttention {
  readonly #additive: AdditiveScore;
  /** w_c, `[size]` */
  readonly coverage: Parameter<tf.Rank.R1>;

  constructor(score: AdditiveScore, random: Random | undefined) {
    super(score);
    this.#additive = score;
    const size = score.vector.shape[0];
    this.coverage = parameter(uniform(random, Math.sqrt(3 / size))<tf.Rank.R1>([size]));
  }

  start(rows: number, positions: number): RecurrentAttentionState {
    return { coverage: tf.zeros([rows, positions]) };
  }

  protected computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
  ): AttentionWeights {
    const [rows, positions] = keys.shape;
    const before = state["coverage"];
    let coverage = before instanceof tf.Tensor ? before : tf.zeros<tf.Rank.R2>([rows, positions]);
    const weights = eachQuery(this.#additive.projectQuery(queries)).map((query) => {
      const term: tf.Tensor3D = tf.mul(tf.expandDims(coverage, 2), this.coverage); // [rows, positions, size]
      const logits = this.#additive.compare(query, tf.add(keys, term));
      const alpha = tf.softmax(mask === undefined ? logits : maskLogits(logits, mask));
      coverage = tf.add(coverage, tf.squeeze(alpha, [1]));
      return alpha;
    });
    return { weights: tf.concat(weights, 1), state: { coverage } };
  }
}
