import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type Seen, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";

/**
 * Low-rank bilinear pooling with attention (MLB, Kim et al. 2017): products of projections
 * take the place of a full bilinear form, for each glimpse's weights and for the joint vector.
 *
 *     a = softmax((tanh(q U) * tanh(F V)) P)    v = [a_1 F; ...; a_G F]    joint = tanh(q W_q) * tanh(v W_v)
 */
export class LowRankBilinear extends Fusion {
  readonly size: number;
  readonly question: QuestionReader;
  readonly query: Linear;
  readonly regions: Linear;
  readonly glimpses: Linear;
  readonly ofQuestion: Linear;
  readonly ofImage: Linear;

  constructor(config: ConfigOf<"low-rank-bilinear">, random: Random | undefined) {
    super(config, random);
    const { size, channels, glimpses } = config;
    this.size = size;
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    const { vectorSize } = this.question;
    this.query = new Linear(vectorSize, size, random);
    this.regions = new Linear(channels, size, random);
    this.glimpses = new Linear(size, glimpses, random, { bias: false });
    this.ofQuestion = new Linear(vectorSize, size, random);
    this.ofImage = new Linear(glimpses * channels, size, random);
  }

  protected join(words: Words, image: Seen, random: Random | undefined): Fused {
    const { vector } = this.question.read(words, random);
    const query = tf.expandDims(tf.tanh(this.query.forward(vector)), 1);
    const regions = image.each(({ map }) => tf.tanh(this.regions.forward(map)));
    const hidden = tf.mul<tf.Tensor3D>(regions, query);
    const scores: tf.Tensor3D = tf.transpose(this.glimpses.forward(hidden), [0, 2, 1]);
    const attention = tf.softmax(scores);
    const map = image.each((each) => each.map);
    const seen: tf.Tensor2D = tf.reshape(tf.matMul(attention, map), [map.shape[0], -1]);
    const question = tf.tanh(this.ofQuestion.forward(vector));
    return { joint: tf.mul(question, tf.tanh(this.ofImage.forward(seen))), attention };
  }
}
