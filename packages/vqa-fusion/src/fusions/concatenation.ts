import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { ImageVector, Seen } from "../seen.ts";

/**
 * Question and image side by side, then a layer (Antol et al. 2015, "BoW Q + I"; Zhou et al. 2015, iBOWIMG):
 *
 *     joint = tanh([q; v] W + b)
 */
export class Concatenation extends Fusion<ImageVector> {
  readonly size: number;
  readonly question: QuestionReader;
  readonly joint: Linear;

  constructor(config: ConfigOf<"concatenation">, random: Random | undefined) {
    super(config, random);
    this.size = config.size;
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    this.joint = new Linear(this.question.vectorSize + config.channels, config.size, random);
  }

  protected see({ pooled }: ImageMap) {
    return { vector: tf.clone(pooled) };
  }

  protected join(words: Words, image: Seen<ImageVector>, random: Random | undefined): Fused {
    const { vector } = this.question.read(words, random);
    return {
      joint: tf.tanh(this.joint.forward(tf.concat([vector, image.each(image.view.vector)], 1))),
    };
  }
}
