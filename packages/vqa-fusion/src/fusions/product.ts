import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { ImageVector, Seen } from "../seen.ts";

/**
 * The element-wise product of question and image: "deeper LSTM Q + norm I" (Antol et al. 2015, section 5.2;
 * Lu et al. 2015), with the question `{ kind: "lstm", layers: 2, summary: "states" }`:
 *
 *     joint = tanh(q W_q + b_q) * tanh(v / |v| W_v + b_v)
 */
export class Product extends Fusion<ImageVector> {
  readonly size: number;
  readonly question: QuestionReader;
  readonly ofQuestion: Linear;
  readonly ofImage: Linear;
  readonly #normalize: boolean;

  constructor(config: ConfigOf<"product">, random: Random | undefined) {
    super(config, random);
    this.size = config.size;
    this.#normalize = config.normalize;
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    this.ofQuestion = new Linear(this.question.vectorSize, config.size, random);
    this.ofImage = new Linear(config.channels, config.size, random);
  }

  protected see({ pooled }: ImageMap) {
    const vectors = this.#normalize ? normalized(pooled) : pooled;
    return { vector: tf.tanh(this.ofImage.forward(vectors)) };
  }

  protected join(words: Words, image: Seen<ImageVector>, random: Random | undefined): Fused {
    const { vector } = this.question.read(words, random);
    const question = tf.tanh(this.ofQuestion.forward(vector));
    return { joint: tf.mul(question, image.each(image.view.vector)) };
  }
}

/** Scales each row to length 1; a row of zeros stays. */
function normalized(vectors: tf.Tensor2D): tf.Tensor2D {
  const squares = tf.sum(tf.square(vectors), 1, true);
  return tf.mul(vectors, tf.rsqrt(tf.maximum(squares, 1e-12)));
}
