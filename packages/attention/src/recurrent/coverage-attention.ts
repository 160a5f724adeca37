import { type Parameter, parameter, uniform } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { maskLogits } from "../mask.ts";
import type { AdditiveScore } from "../scores/additive-score.ts";
import {
  eachQuery,
  type LookState,
  RecurrentAttention,
  type Weighed,
} from "./recurrent-attention.ts";

/**
 * Each look knows how much every position was looked at so far: the coverage `c_t`, the sum of the weights
 * before, goes into the score, `v^T tanh(q W_q + k W_k + c_t w_c + b)` (See, Liu & Manning 2017, eq. 10 and
 * 11; Tu et al. 2016). `coverageLoss` teaches to use it.
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

  start(rows: number, positions: number): LookState {
    return { coverage: tf.zeros([rows, positions]) };
  }

  protected weigh(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: LookState,
  ): Weighed {
    const [rows, positions] = keys.shape;
    let covered = state["coverage"] ?? tf.zeros<tf.Rank.R2>([rows, positions]);
    const weights = eachQuery(this.#additive.projectQuery(queries)).map((query) => {
      const known: tf.Tensor3D = tf.mul(tf.expandDims(covered, 2), this.coverage); // [rows, positions, size]
      const logits = this.#additive.compare(query, tf.add(keys, known));
      const own = tf.softmax(mask === undefined ? logits : maskLogits(logits, mask));
      covered = tf.add(covered, tf.squeeze(own, [1]));
      return own;
    });
    return { weights: tf.concat(weights, 1), state: { coverage: covered } };
  }
}
