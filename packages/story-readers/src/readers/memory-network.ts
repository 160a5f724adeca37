import { lengthMask, maskLogits } from "@attend/attention";
import { Embedding, Linear, normal } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { encodeSentences } from "../position-encoding.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import {
  byStory,
  collectSentences,
  type EncodedStory,
  pad,
  type Sentence,
  type StorySentences,
} from "../stories.ts";

/** Standard deviation of the initial weights (section 4.2). */
const deviation = 0.1;

/**
 * The authors' code weighs words by twice what the paper's formula says, which is 1 on average. By the formula alone,
 * what needs two facts is not learned (bAbI's task 2: 64 to 70 % wrong instead of 14 %).
 */
const encodedScale = 2;

/**
 * An end-to-end memory network (Sukhbaatar et al. 2015): each hop compares the question with all sentences of a story,
 * reads what it attends to, and adds it to the question.
 *
 *     p = softmax(u m^T)    o = p c    u' = u + o    (layer-wise: u' = u H + o)
 *
 * The sentences' vectors m and c are sums of their words' vectors, each with its own table, plus one for how long ago
 * the sentence was. The memory has a place for each of `maxSentences`; those that are empty, with m = c = 0, take part in
 * the softmax, as in the authors' code: a hop looks there when it finds nothing. (Without them, every hop must read
 * something, and yes/no questions are learned by heart: 21 % wrong on bAbI's task 6 instead of 8 %.) The attention to
 * sentences therefore sums to at most 1. The answers are scored by `u W`, where W with `adjacent` is the last table's
 * vectors of the answers. Training may start `linear`, without the softmax ("linear start", section 4.2).
 */
export class MemoryNetwork extends StoryReader {
  readonly looksAt = "sentences";
  /** Of words: with `adjacent`, the table k is the output of hop k - 1 and the input of hop k; else input, output. */
  readonly words: readonly Embedding[];
  /** Of how long ago a sentence was, for each of `words`. */
  readonly times: readonly Embedding[];
  /** Of the question; with `adjacent`, the first of `words`. */
  readonly question: Embedding | undefined;
  /** Between hops (H), and of the answers (W); with `adjacent`, there is none. */
  readonly between: Linear | undefined;
  readonly classes: Linear | undefined;
  readonly #config: ConfigOf<"memory-network">;
  readonly #answerWords: readonly number[];

  constructor(config: ConfigOf<"memory-network">, random: Random | undefined) {
    super(config);
    this.#config = config;
    const { vocabularySize, size, hops, maxSentences, answers, tying } = config;
    const isAdjacent = tying === "adjacent";
    const own = Array.from({ length: answers }, (_, i) => vocabularySize + i);
    this.#answerWords = config.answerWords ?? own;
    const words = isAdjacent
      ? Math.max(vocabularySize, ...this.#answerWords.map((id) => id + 1))
      : vocabularySize;
    const initializer = normal(random, deviation);
    const table = (rows: number) => new Embedding(rows, size, random, { initializer });
    const tables = (rows: number) =>
      Array.from({ length: isAdjacent ? hops + 1 : 2 }, () => table(rows));
    this.words = tables(words);
    this.times = tables(maxSentences);
    if (isAdjacent) return;
    this.question = table(words);
    this.between = new Linear(size, size, random, { bias: false });
    this.classes = new Linear(size, answers, random, { bias: false });
  }

  protected answer(stories: readonly EncodedStory[], { random, linear }: ReadOptions): Answered {
    const { hops, size, maxSentences } = this.#config;
    const told = stories.map(({ story }) => this.#withNoise(story, random));
    const { sentences, indices, counts } = collectSentences(told);
    const { asked, memories } = this.#embed(stories, { sentences, indices, counts });
    const mask = lengthMask(counts, indices.shape[1]);
    // Empty places have the score 0 each: together, the logarithm of their number.
    const empty = tf.tensor3d(counts.map((count) => [[Math.log(maxSentences - count)]]));
    const attendTo = (scores: tf.Tensor3D): tf.Tensor3D => {
      if (linear) return tf.mul(scores, tf.expandDims(mask, 1));
      const all: tf.Tensor3D = tf.softmax(tf.concat([maskLogits(scores, mask), empty], 2));
      return tf.slice(all, [0, 0, 0], scores.shape);
    };
    const attention: tf.Tensor3D[] = [];
    let state: tf.Tensor3D = tf.reshape(asked, [stories.length, 1, size]);
    for (let hop = 0; hop < hops; hop++) {
      const [input, output] = this.between === undefined ? [hop, hop + 1] : [0, 1];
      const weights = attendTo(tf.matMul(state, at(memories, input), false, true));
      attention.push(weights);
      const read: tf.Tensor3D = tf.matMul(weights, at(memories, output));
      state = tf.add(this.between?.forward(state) ?? state, read);
    }
    const last: tf.Tensor2D = tf.reshape(state, [stories.length, size]);
    return { logits: this.#score(last), attention: tf.concat(attention, 1) };
  }

  /** `[rows, size] -> [rows, answers]` */
  #score(state: tf.Tensor2D): tf.Tensor2D {
    if (this.classes !== undefined) return this.classes.forward(state);
    const { table } = at(this.words, this.#config.hops);
    const vectors = tf.gather<tf.Tensor2D>(table, [...this.#answerWords]);
    return tf.matMul(state, vectors, false, true);
  }

  /** The questions, `[rows, size]`, and the memories by each table, `[rows, positions, size]`. */
  #embed(
    stories: readonly EncodedStory[],
    { sentences, indices, counts }: StorySentences,
  ): { asked: tf.Tensor2D; memories: tf.Tensor3D[] } {
    const questions = stories.map(({ question }) => question);
    const all = [...(this.question === undefined ? [] : [this.question]), ...this.words];
    // All tables at once: these are many small operations.
    const table = sideBySide(all);
    const encoded = encodeSentences([...questions, ...sentences], table, this.#config);
    const vectors = tf.mul<tf.Tensor2D>(encoded, this.#config.positionEncoding ? encodedScale : 1);
    const [rows, { size }] = [stories.length, this.#config];
    const asked: tf.Tensor2D = tf.slice(vectors, [0, 0], [rows, size]);
    const ofWords: tf.Tensor2D = tf.slice(vectors, [
      rows,
      table.shape[1] - this.words.length * size,
    ]);
    const { ids: ages } = pad(counts.map(countDown));
    const memory = tf.add<tf.Tensor3D>(
      byStory(ofWords, indices),
      byStory(sideBySide(this.times), ages),
    );
    return { asked, memories: tf.split(memory, this.words.length, 2) };
  }

  /** In training, inserts empty sentences ("random noise", section 4.1). */
  #withNoise(story: readonly Sentence[], random: Random | undefined): readonly Sentence[] {
    const { noise, maxSentences } = this.#config;
    if (random === undefined || noise === 0) return story;
    return story
      .flatMap((sentence) => (random.uniform() < noise ? [[], sentence] : [sentence]))
      .slice(-maxSentences);
  }
}

/** `count - 1` to 0: how long ago each of `count` sentences was. */
function countDown(count: number): number[] {
  return Array.from({ length: count }, (_, i) => count - 1 - i);
}

/** `[count, n size]` */
function sideBySide(tables: readonly Embedding[]): tf.Tensor2D {
  return tf.concat2d(
    tables.map(({ table }) => table),
    1,
  );
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
