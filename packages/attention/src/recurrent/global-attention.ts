import { tf } from "@attend/runtime";
import { attendShared } from "../attend.ts";
import { maskLogits } from "../mask.ts";
import {
  type AttentionMemory,
  type LookState,
  RecurrentAttention,
  type Weighed,
} from "./recurrent-attention.ts";

/** Every look sees every position, whatever was seen before (Luong et al. 2015, section 3.1). */
export class GlobalAttention extends RecurrentAttention {
  start(): LookState {
    return {};
  }

  protected weigh(
    queries: tf.Tensor3D,
    keys: tf.Tensor3D,
    mask: tf.Tensor2D | undefined,
    state: LookState,
  ): Weighed {
    const logits = this.score.logits(queries, keys);
    return { weights: tf.softmax(mask === undefined ? logits : maskLogits(logits, mask)), state };
  }

  /** With the kernel for shared memories where there is one. */
  override look(
    query: tf.Tensor2D,
    { keys, values, mask, owners }: AttentionMemory,
    state: LookState,
  ) {
    return { ...attendShared(this.score, query, keys, values, owners, mask), state };
  }
}
