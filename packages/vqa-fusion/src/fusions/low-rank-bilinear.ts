import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { MapAndRegions, Seen } from "../seen.ts";

/**
 * Low-rank bilinear pooling with attention (MLB, Kim et al. 2017): products of projections
 * take the place of a full bilinear form, for each glimpse's weights and for the joint vector.
 *
 *     a = softmax((tanh(q U) * tanh(F V)) P)    v = [a_1 F; ...; a_G F]    joint = tanh(q W_q) * tanh(v W_v)
 */
export class LowRankBilinear extends Fusion<MapAndRegions> {
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

  protected see({ map }: ImageMap) {
    return { map: tf.clone(map), regions: tf.tanh(this.regions.forward(map)) };
  }

  protected join(words: Words, image: Seen<MapAndRegions>, random: Random | undefined): Fused {
    const { vector } = this.question.read(words, random);
    const query = tf.expandDims<tf.Tensor3D>(tf.tanh(this.query.forward(vector)), 1);
    // (query * region) P = region (query * P): so regions are not multiplied by each question.
    const queries = tf.mul<tf.Tensor3D>(query, tf.transpose(this.glimpses.kernel));
    const attention = tf.softmax(image.matMul(queries, image.view.regions, { transpose: true }));
    const glimpses = image.matMul(attention, image.view.map);
    const seen: tf.Tensor2D = tf.reshape(glimpses, [glimpses.shape[0], -1]);
    const question = tf.tanh(this.ofQuestion.forward(vector));
    return { joint: tf.mul(question, tf.tanh(this.ofImage.forward(seen))), attention };
  }
}
