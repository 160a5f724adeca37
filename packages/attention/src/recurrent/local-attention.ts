import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import { maskLogits } from "../mask.ts";
import type { Score } from "../scores/score.ts";
import { withoutGradient } from "../without-gradient.ts";
import { type LookState, RecurrentAttention, type Weighed } from "./recurrent-attention.ts";

/**
 * Looks at a window `[p - D, p + D]` around a position p of each query (Luong et al. 2015, section 3.2).
 * Windows end where the memory does, so p does not go beyond the last position that the mask allows; a
 * mask allows the first positions of a memory, as `lengthMask` has it.
 */
abstract class LocalAttention extends RecurrentAttention {
  /** D, in positions. */
  readonly window: number;

  /** @throws AttendError BAD_ARGUMENT unless the window is a whole number from 1 on */
  constructor(score: Score, window: number) {
    super(score);
    if (!Number.isInteger(window) || window < 1) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the attention window is ${window}; it must be a whole number from 1 on`,
      );
    }
    this.window = window;
  }

  /**
   * Weights `[rows, queries, positions]` over the windows around `centre` `[rows, queries, 1]`, and how far
   * each position is from there.
   */
  protected around(
    centre: tf.Tensor3D,
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
  ): { weights: tf.Tensor3D; offset: tf.Tensor3D } {
    const offset: tf.Tensor3D = tf.sub(tf.range(0, keys.shape[1]), centre); // [rows, queries, positions]
    const near = withoutGradient(offset, () =>
      tf.cast(tf.lessEqual(tf.abs(offset), this.window), "float32"),
    );
    const allowed = mask === undefined ? near : tf.mul(near, tf.expandDims(mask, 1));
    const weights = tf.softmax(maskLogits(this.score.logits(queries, keys), allowed));
    return { weights, offset };
  }
}

/**
 * local-m: the t-th query looks around position t, as if both sequences ran at one pace (Luong et al. 2015,
 * section 3.2); behind the memory's end, around its last position.
 */
export class LocalMonotonicAttention extends LocalAttention {
  start(rows: number): LookState {
    return { position: tf.zeros([rows, 1]) };
  }

  protected weigh(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: LookState,
  ): Weighed {
    const [rows, count] = queries.shape;
    const position = state["position"] ?? tf.zeros<tf.Rank.R2>([rows, 1]);
    const steps = tf.expandDims(tf.add(position, tf.range(0, count)), 2); // [rows, queries, 1]
    const centre: tf.Tensor3D = tf.minimum(steps, tf.sub(lengthsOf(keys, mask), 1));
    const { weights } = this.around(centre, queries, keys, mask);
    return { weights, state: { position: tf.add(position, count) } };
  }
}

/**
 * local-p: each query predicts its position, `p = S sigmoid(v^T tanh(W q))` with S the memory's length, and
 * a Gaussian of deviation D / 2 around it favours what is near (Luong et al. 2015, eq. 9 and 10). As in the
 * paper the Gaussian comes after the softmax, so that the weights sum to less than 1.
 */
export class LocalPredictiveAttention extends LocalAttention {
  readonly hidden: Linear;
  readonly position: Linear;

  /** @param sizes `size` is that of the hidden layer that predicts the position */
  constructor(
    score: Score,
    window: number,
    sizes: { readonly querySize: number; readonly size: number },
    random: Random | undefined,
  ) {
    super(score, window);
    this.hidden = new Linear(sizes.querySize, sizes.size, random, { bias: false });
    this.position = new Linear(sizes.size, 1, random, { bias: false });
  }

  start(): LookState {
    return {};
  }

  protected weigh(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: LookState,
  ): Weighed {
    const share = tf.sigmoid(this.position.forward(tf.tanh(this.hidden.forward(queries))));
    const centre: tf.Tensor3D = tf.mul(share, lengthsOf(keys, mask)); // [rows, queries, 1]
    const { weights, offset } = this.around(centre, queries, keys, mask);
    const deviation = this.window / 2;
    const gaussian = tf.exp(tf.mul(tf.square(offset), -1 / (2 * deviation ** 2)));
    return { weights: tf.mul(weights, gaussian), state };
  }
}

/** How many positions each memory has, `[rows or 1, 1, 1]`. */
function lengthsOf(keys: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor3D {
  if (mask === undefined) return tf.fill([1, 1, 1], keys.shape[1]);
  return tf.expandDims(tf.sum(mask, 1, true), 2);
}
