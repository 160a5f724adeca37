import { dropout, Embedding, Linear, normal } from "@attend/nn";
import { reverseSequences } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import { createUniversalTransformer, type UniversalTransformer } from "@attend/transformer";
import type { ConfigOf } from "../config.ts";
import { encodeSentences } from "../position-encoding.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import { byStory, collectSentences, type EncodedStory } from "../stories.ts";

/**
 * A Universal Transformer with adaptive computation time over question and sentences (Dehghani et al. 2019, section
 * 3.1): each is a sum of its words' vectors by position, as in a memory network, and the answer is read from what became
 * of the question.
 *
 *     H = UT([q; x_n; ...; x_1])    logits = W H_1 + b    cost = tau mean(steps + remainders)
 *
 * The latest sentence follows the question, so that positions tell how long ago a sentence was.
 */
export class UniversalReader extends StoryReader {
  readonly looksAt = "sentences";
  readonly words: Embedding;
  readonly network: UniversalTransformer;
  readonly classes: Linear;
  readonly #config: ConfigOf<"universal-transformer">;

  constructor(config: ConfigOf<"universal-transformer">, random: Random | undefined) {
    super(config);
    this.#config = config;
    const { vocabularySize, answers, size, heads, feedForwardSize, maxSteps } = config;
    const rates = { dropout: config.dropout, attentionDropout: config.attentionDropout };
    const initializer = normal(random, 1);
    this.words = new Embedding(vocabularySize, size, random, { initializer });
    this.network = createUniversalTransformer(
      { size, heads, feedForwardSize, maxSteps, ...rates },
      random,
    );
    this.classes = new Linear(size, answers, random);
  }

  protected answer(stories: readonly EncodedStory[], { random }: ReadOptions): Answered {
    const { sentences, indices, counts } = collectSentences(
      stories.map(({ story, question }) => [question, ...story.toReversed()]),
    );
    const encoded = encodeSentences(sentences, this.words.table, this.#config);
    const vectors = byStory(encoded, indices);
    const input = dropout(vectors, this.#config.dropout, random);
    const { output, weights, ponder } = this.network.encode(input, counts, { random });
    const first: tf.Tensor2D = tf.squeeze(tf.slice(output, [0, 0, 0], [-1, 1, -1]), [1]);
    return {
      logits: this.classes.forward(first),
      attention: storyAttention(weights, counts),
      cost: tf.mul(ponder, this.#config.stepCost),
    };
  }
}

/**
 * What the question looked at, `[rows, steps, positions]`: the mean over the heads, the first sentence first.
 *
 * @param weights of each step, `[rows, heads, 1 + positions, 1 + positions]`
 * @param counts the number of sentences of each story, and the question
 */
function storyAttention(weights: readonly tf.Tensor4D[], counts: readonly number[]): tf.Tensor3D {
  const longest = Math.max(...counts) - 1;
  const ofQuestion = weights.map((each) =>
    tf.mean<tf.Tensor2D>(tf.squeeze(tf.slice(each, [0, 0, 0, 0], [-1, -1, 1, -1]), [2]), 1),
  );
  const steps: tf.Tensor3D = tf.stack(ofQuestion, 2) as tf.Tensor3D;
  const padded = tf.pad(steps, [
    [0, 0],
    [0, longest === 0 ? 1 : 0],
    [0, 0],
  ]);
  const ofStory = tf.slice(padded, [0, 1, 0]) as tf.Tensor3D;
  const lengths = counts.map((count) => count - 1);
  return tf.transpose(reverseSequences(ofStory, lengths), [0, 2, 1]);
}
