import { AdditiveScore, attend, lengthMask } from "@attend/attention";
import { dropout, Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { Answered } from "../reader.ts";

/** Sizes of an {@link AttentiveReadout}. */
interface ReadoutSizes {
  readonly questionSize: number;
  readonly memorySize: number;
  /** Of the space in which question and memory are compared, and of what they are joined to. */
  readonly size: number;
  readonly answers: number;
  readonly dropout: number;
}

/**
 * A question looks once at what was read and is answered from both (Hermann et al. 2015, section 3.2):
 *
 *     s_t = softmax_t(v^T tanh(W_ym y_t + W_um u))    r = sum_t s_t y_t
 *     g = tanh(W_rg r + W_ug u)                       logits = W g + b
 */
export class AttentiveReadout extends Module {
  readonly score: AdditiveScore;
  readonly ofContext: Linear;
  readonly ofQuestion: Linear;
  readonly classes: Linear;
  readonly #dropout: number;

  constructor(sizes: ReadoutSizes, random: Random | undefined) {
    super();
    const { questionSize, memorySize, size, answers } = sizes;
    this.score = new AdditiveScore({ querySize: questionSize, memorySize, size }, random);
    this.ofContext = new Linear(memorySize, size, random);
    this.ofQuestion = new Linear(questionSize, size, random, { bias: false });
    this.classes = new Linear(size, answers, random);
    this.#dropout = sizes.dropout;
  }

  /**
   * @param question u, `[rows, questionSize]`
   * @param memory y, `[rows, positions, memorySize]`
   * @param lengths of the memories, at least 1 each
   */
  forward(
    question: tf.Tensor2D,
    memory: tf.Tensor3D,
    lengths: readonly number[],
    random: Random | undefined,
  ): Answered {
    const keys = this.score.projectMemory(memory);
    const mask = lengthMask(lengths, memory.shape[1]);
    const query: tf.Tensor3D = tf.expandDims(question, 1);
    const { context, weights } = attend(this.score, query, keys, memory, mask);
    const found = this.ofContext.forward(tf.squeeze<tf.Tensor2D>(context, [1]));
    const joint = tf.tanh(tf.add<tf.Tensor2D>(found, this.ofQuestion.forward(question)));
    const logits = this.classes.forward(dropout(joint, this.#dropout, random));
    return { logits, attention: weights };
  }
}
