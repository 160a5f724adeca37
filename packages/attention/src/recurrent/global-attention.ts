import { tf } from "@attend/runtime";
import { attendShared } from "../attend.ts";
import { maskLogits } from "../mask.ts";
import {
  type AttentionMemory,
  type AttentionWeights,
  RecurrentAttention,
  type RecurrentAttentionState,
} from "./recurrent-attention.ts";

/** Attends to all positions, independent of previous steps (Luong et al. 2015, section 3.1). */
export class GlobalAttention extends RecurrentAttention {
  start(): RecurrentAttentionState {
    return {};
  }

  protected computeWeights(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: RecurrentAttentionState,
  ): AttentionWeights {
    const logits = this.score.logits(queries, keys);
    return { weights: tf.softmax(mask === undefined ? logits : maskLogits(logits, mask)), state };
  }

  /** Uses the kernel for shared memories if there is one. */
  override step(
    query: tf.Tensor2D,
    { keys, values, mask, memoryIndices }: AttentionMemory,
    state: RecurrentAttentionState,
  ) {
    return { ...attendShared(this.score, query, keys, values, memoryIndices, mask), state };
  }
}
