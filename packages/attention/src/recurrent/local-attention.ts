import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import { maskLogits } from "../mask.ts";
import type { Score } from "../scores/score.ts";
import { withoutGradient } from "../without-gradient.ts";
import {
  type AttentionWeights,
  RecurrentAttention,
  type RecurrentAttentionState,
} from "./recurrent-attention.ts";

/**
 * Attends to a window `[p - D, p + D]` around a position p of each query (Luong et al. 2015, section
 * 3.2). p never exceeds the last valid position. The mask must be that of `lengthMask`: valid
 * positions first.
 */
abstract class LocalAttention extends RecurrentAttention {
  /** D, in positions. */
  readonly window: number;

  /** @throws AttendError BAD_ARGUMENT unless the window is a positive integer */
  constructor(score: Score, window: number) {
    super(score);
    if (!Number.isInteger(window) || window < 1) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the attention window is ${window}; expected a positive integer`,
      );
    }
    this.window = window;
  }

  /**
   * Weights `[rows, queries, positions]` over the windows around `center` `[rows, queries, 1]`, and the
   * offset of each position from the center.
   */
  protected windowWeights(
    center: tf.Tensor3D,
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
  ): { weights: tf.Tensor3D; offset: tf.Tensor3D } {
    const offset: tf.Tensor3D = tf.sub(tf.range(0, keys.shape[1]), center); // [rows, queries, positions]
    const near = withoutGradient(offset, () =>
      tf.cast(tf.lessEqual(tf.abs(offset), this.window), "float32"),
    );
    const allowed = mask === undefined ? near : tf.mul(near, tf.expandDims(mask, 1));
    const weights = tf.softmax(maskLogits(this.score.logits(queries, keys), allowed));
    return { weights, offset };
  }
}

/**
 * local-m: the t-th query attends to a window around position t, as if both sequences were aligned
 * (Luong et al. 2015, section 3.2); past the memory's end, around its last position.
 */
export class LocalMonotonicAttention extends LocalAttention {
  start(): RecurrentAttentionState {
    return { position: 0 };
  }

  protected computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
  ): AttentionWeights {
    const [rows, count] = queries.shape;
    const position = typeof state["position"] === "number" ? state["position"] : 0;
    const range = tf.reshape(tf.range(position, position + count), [1, count, 1]);
    const steps = tf.tile(range, [rows, 1, 1]);
    const center: tf.Tensor3D = tf.minimum(steps, tf.sub(lengthsOf(keys, mask), 1));
    const { weights } = this.windowWeights(center, queries, keys, mask);
    return { weights, state: { position: position + count } };
  }
}

/**
 * local-p: each query predicts its position, `p = S sigmoid(v^T tanh(W q))` with S the memory's length,
 * and a Gaussian with standard deviation D / 2 around it favors positions nearby (Luong et al. 2015,
 * eq. 9 and 10). As in the paper, the Gaussian is applied after the softmax, so the weights sum to
 * less than 1.
 */
export class LocalPredictiveAttention extends LocalAttention {
  readonly hidden: Linear;
  readonly position: Linear;

  /** @param sizes `size` is the size of the hidden layer that predicts the position */
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

  start(): RecurrentAttentionState {
    return {};
  }

  protected computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
  ): AttentionWeights {
    const share = tf.sigmoid(this.position.forward(tf.tanh(this.hidden.forward(queries))));
    const center: tf.Tensor3D = tf.mul(share, lengthsOf(keys, mask)); // [rows, queries, 1]
    const { weights, offset } = this.windowWeights(center, queries, keys, mask);
    const deviation = this.window / 2;
    const gaussian = tf.exp(tf.mul(tf.square(offset), -1 / (2 * deviation ** 2)));
    return { weights: tf.mul(weights, gaussian), state };
  }
}

/** The number of valid positions of each memory, `[rows or 1, 1, 1]`. */
function lengthsOf(keys: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor3D {
  if (mask === undefined) return tf.fill([1, 1, 1], keys.shape[1]);
  return tf.expandDims(tf.sum(mask, 1, true), 2);
}
