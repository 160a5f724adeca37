import { lengthMask } from "@attend/attention";
import { dropout, Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { RecurrentReader } from "../questions/recurrent-reader.ts";
import type { Regions, Seen } from "../seen.ts";
import { ParallelCoAttention } from "./parallel-co-attention.ts";
import { Phrases } from "./phrases.ts";

/**
 * Hierarchical co-attention (Lu et al. 2016, section 3): on the levels of words w, phrases p and the whole
 * question s, the question attends to the image and the image to the question. What they found, q and v, is
 * joined level by level (equation 7):
 *
 *     h_w = tanh((q_w + v_w) W_w)    h_p = tanh([q_p + v_p; h_w] W_p)    joint = tanh([q_s + v_s; h_p] W_s)
 *
 * The attention has three hops, one for each level.
 */
export class CoAttention extends Fusion<Regions> {
  readonly size: number;
  readonly word: Linear;
  readonly region: Linear;
  readonly phrases: Phrases;
  readonly question: RecurrentReader;
  readonly ofWords: ParallelCoAttention;
  readonly ofPhrases: ParallelCoAttention;
  readonly ofQuestion: ParallelCoAttention;
  readonly joinWords: Linear;
  readonly joinPhrases: Linear;
  readonly joinQuestion: Linear;
  readonly #dropout: number;

  constructor(config: ConfigOf<"co-attention">, random: Random | undefined) {
    super(config, random);
    const { cell, size, attentionSize } = config;
    this.size = size;
    this.#dropout = config.dropout;
    this.word = new Linear(config.embeddingSize, size, random);
    this.region = new Linear(config.channels, size, random);
    this.phrases = new Phrases(size, random);
    const reader = { kind: cell, size, layers: 1, dropout: 0, summary: "output" } as const;
    this.question = new RecurrentReader(reader, size, random);
    const attention = () => new ParallelCoAttention(size, attentionSize, random);
    this.ofWords = attention();
    this.ofPhrases = attention();
    this.ofQuestion = attention();
    this.joinWords = new Linear(size, size, random);
    this.joinPhrases = new Linear(2 * size, size, random);
    this.joinQuestion = new Linear(2 * size, size, random);
  }

  protected see({ map }: ImageMap) {
    return { regions: tf.tanh(this.region.forward(map)) };
  }

  protected join(
    { vectors, lengths }: Words,
    image: Seen<Regions>,
    random: Random | undefined,
  ): Fused {
    const drop = <T extends tf.Tensor>(input: T): T => dropout(input, this.#dropout, random);
    const mask = lengthMask(lengths, vectors.shape[1]);
    const masked = (words: tf.Tensor3D): tf.Tensor3D => tf.mul(words, tf.expandDims(mask, 2));

    const regions = drop(image.each(image.view.regions));
    const words = masked(drop(this.word.forward(vectors)));
    const phrases = masked(this.phrases.forward(words));
    const question = this.question.read({ vectors: phrases, lengths }, random).words;

    const byWords = this.ofWords.forward(words, regions, mask);
    const byPhrases = this.ofPhrases.forward(phrases, regions, mask);
    const byQuestion = this.ofQuestion.forward(question, regions, mask);

    const first = tf.tanh(this.joinWords.forward(drop(byWords.found)));
    const second = tf.tanh(this.joinPhrases.forward(drop(tf.concat([byPhrases.found, first], 1))));
    const joint = tf.tanh(
      this.joinQuestion.forward(drop(tf.concat([byQuestion.found, second], 1))),
    );
    const levels = [byWords, byPhrases, byQuestion].map(({ attention }) => attention);
    return { joint, attention: tf.concat(levels, 1) };
  }
}
