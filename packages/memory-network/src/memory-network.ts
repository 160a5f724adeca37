import { lengthMask, maskLogits } from "@attend/attention";
import { Embedding, Linear, Module, normal } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import {
  type MemoryNetworkConfig,
  type MemoryNetworkConfigInput,
  memoryNetworkSchema,
} from "./config.ts";
import { positionWeights } from "./position-weights.ts";
import type { StoryBatch } from "./stories.ts";

/** What a network says of questions. */
export type Answered = {
  /** `[rows, answers]` */
  readonly logits: tf.Tensor2D;
  /** `[rows, hops, memories]`: how much each hop looked at each sentence, the latest first; sums to 1. */
  readonly attention: tf.Tensor3D;
};

/** Standard deviation of the initial weights (section 4.2). */
const deviation = 0.1;

/**
 * An end-to-end memory network (Sukhbaatar et al. 2015): each hop compares the question with all sentences of a story,
 * reads what it attends to, and adds it to the question.
 *
 *     p = softmax(u m^T)    o = p c    u' = u + o    (layer-wise: u' = u H + o)
 *
 * The sentences' vectors m and c are sums of their words' vectors, each with its own table, plus one for how long ago
 * the sentence was. The answers are scored by `u W`.
 */
export class MemoryNetwork extends Module {
  readonly config: MemoryNetworkConfig;
  /** Of words: with `adjacent`, the table k is the output of hop k - 1 and the input of hop k; else input, output. */
  readonly words: readonly Embedding[];
  /** Of how long ago a sentence was, for each of `words`. */
  readonly times: readonly Embedding[];
  /** Of the question; with `adjacent`, the first of `words`. */
  readonly question: Embedding | undefined;
  readonly between: Linear | undefined;
  readonly answer: Linear;

  /** @param random initializes the weights; without it they are zero, to be loaded */
  constructor(config: MemoryNetworkConfig, random?: Random) {
    super();
    this.config = config;
    const { vocabularySize, size, hops, maxMemories, answers, tying } = config;
    const initializer = normal(random, deviation);
    const tables = (rows: number) =>
      Array.from(
        { length: tying === "adjacent" ? hops + 1 : 2 },
        () => new Embedding(rows, size, random, { initializer }),
      );
    this.words = tables(vocabularySize);
    this.times = tables(maxMemories);
    const isAdjacent = tying === "adjacent";
    this.question = isAdjacent
      ? undefined
      : new Embedding(vocabularySize, size, random, { initializer });
    this.between = isAdjacent ? undefined : new Linear(size, size, random, { bias: false });
    this.answer = new Linear(size, answers, random, { bias: false });
  }

  /**
   * Answers questions. Call it inside `tf.tidy`.
   *
   * @param options.linear leaves out the softmax of each hop, as training starts ("linear start", section 4.2); the
   *   attention then does not sum to 1
   */
  forward(batch: StoryBatch, options?: { readonly linear?: boolean | undefined }): Answered {
    const { memories, questions, memoryLengths, questionLengths } = batch;
    const [, count, words] = memories.shape;
    const { size, hops, positionEncoding } = this.config;
    const weighed = positionWeights(memoryLengths.flat(), words, size, positionEncoding);
    const ofMemories = tf.reshape<tf.Rank.R4>(weighed, [memories.shape[0], count, words, size]);
    const mask = lengthMask(
      memoryLengths.map((lengths) =>
        Math.max(1, lengths.findLastIndex((length) => length > 0) + 1),
      ),
      count,
    );
    const sentences = (table: number): tf.Tensor3D => {
      const vectors = tf.mul<tf.Tensor4D>(lookUp(this.words[table], memories), ofMemories);
      const ages = lookUp(this.times[table], tf.range(0, count, 1, "int32"));
      return tf.add(tf.sum<tf.Tensor3D>(vectors, 2), ages);
    };
    const asked = positionWeights(questionLengths, questions.shape[1], size, positionEncoding);
    const query = tf.mul<tf.Tensor3D>(lookUp(this.question ?? this.words[0], questions), asked);
    let state: tf.Tensor3D = tf.sum(query, 1, true);
    const isAdjacent = this.between === undefined;
    // Each table is used by two hops, or by all.
    const vectors = this.words.map((_, table) => sentences(table));
    const attention: tf.Tensor3D[] = [];
    for (let hop = 0; hop < hops; hop++) {
      const [input, output] = isAdjacent ? [hop, hop + 1] : [0, 1];
      const scores: tf.Tensor3D = tf.matMul(state, vectors[input] ?? state, false, true);
      const weights: tf.Tensor3D = options?.linear
        ? tf.mul(scores, tf.expandDims(mask, 1))
        : tf.softmax(maskLogits(scores, mask));
      attention.push(weights);
      const read: tf.Tensor3D = tf.matMul(weights, vectors[output] ?? state);
      state = tf.add(this.between?.forward(state) ?? state, read);
    }
    const last: tf.Tensor2D = tf.squeeze(state, [1]);
    return { logits: this.answer.forward(last), attention: tf.concat(attention, 1) };
  }
}

function lookUp(table: Embedding | undefined, ids: tf.Tensor): tf.Tensor {
  if (table === undefined) throw new RangeError("a table for each hop");
  return table.forward(ids);
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createMemoryNetwork(
  config: MemoryNetworkConfigInput,
  random?: Random,
): MemoryNetwork {
  return new MemoryNetwork(parseConfig(memoryNetworkSchema, config, "memory network"), random);
}
