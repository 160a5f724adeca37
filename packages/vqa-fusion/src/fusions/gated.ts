import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { MapAndRegions, Seen } from "../seen.ts";
import { gatedTanh } from "./gated-tanh.ts";

/**
 * The attention of "bottom-up and top-down" (Anderson et al. 2018, section 3.3; Teney et al. 2018), where f is a
 * {@link gatedTanh} layer:
 *
 *     a = softmax(f_a([v_i; q]) w)    v = sum_i a_i v_i    joint = f_q(q) * f_v(v)
 */
export class Gated extends Fusion<MapAndRegions> {
  readonly size: number;
  readonly question: QuestionReader;
  /** Both parts of the product of `[v_i; q]`: of a region, and of the question. */
  readonly region: Linear;
  readonly query: Linear;
  readonly score: Linear;
  readonly ofQuestion: Linear;
  readonly ofImage: Linear;

  constructor(config: ConfigOf<"gated">, random: Random | undefined) {
    super(config, random);
    const { size, channels, attentionSize } = config;
    this.size = size;
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    const { vectorSize } = this.question;
    this.region = new Linear(channels, 2 * attentionSize, random);
    this.query = new Linear(vectorSize, 2 * attentionSize, random, { bias: false });
    this.score = new Linear(attentionSize, 1, random, { bias: false });
    this.ofQuestion = new Linear(vectorSize, 2 * size, random);
    this.ofImage = new Linear(channels, 2 * size, random);
  }

  protected see({ map }: ImageMap) {
    return { map: tf.clone(map), regions: this.region.forward(map) };
  }

  protected join(words: Words, image: Seen<MapAndRegions>, random: Random | undefined): Fused {
    const { vector } = this.question.read(words, random);
    const query = tf.expandDims(this.query.forward(vector), 1);
    const regions = image.each(image.view.regions);
    const hidden = gatedTanh(tf.add<tf.Tensor3D>(regions, query));
    const [rows, positions] = regions.shape;
    const scores: tf.Tensor3D = tf.reshape(this.score.forward(hidden), [rows, 1, positions]);
    const attention = tf.softmax(scores);
    const seen: tf.Tensor2D = tf.squeeze(image.matMul(attention, image.view.map), [1]);
    const question = gatedTanh(this.ofQuestion.forward(vector));
    return { joint: tf.mul(question, gatedTanh(this.ofImage.forward(seen))), attention };
  }
}
