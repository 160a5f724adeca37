import { AdditiveScore } from "@attend/attention";
import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { Seen } from "../seen.ts";

type StackedView = {
  readonly regions: tf.Tensor3D;
  /** Of each hop. */
  readonly keys: tf.Tensor3D[];
};

/**
 * Stacked attention (SAN, Yang et al. 2016, equations 2 and 15 to 22): the question looks at the regions, and
 * what it found makes the query of the next look.
 *
 *     V = tanh(F W + b)                            u_0 = q
 *     p_k = softmax(w_k tanh(V W_k + u_k-1 U_k + b_k))    u_k = u_k-1 + p_k V
 */
export class Stacked extends Fusion<StackedView> {
  readonly size: number;
  readonly question: QuestionReader;
  readonly regions: Linear;
  readonly hops: readonly AdditiveScore[];

  constructor(config: ConfigOf<"stacked">, random: Random | undefined) {
    super(config, random);
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    const size = this.question.vectorSize;
    this.size = size;
    this.regions = new Linear(config.channels, size, random);
    const sizes = { querySize: size, memorySize: size, size: config.attentionSize };
    this.hops = Array.from({ length: config.hops }, () => new AdditiveScore(sizes, random));
  }

  protected see({ map }: ImageMap): StackedView {
    const regions = tf.tanh(this.regions.forward(map));
    return { regions, keys: this.hops.map((score) => score.projectMemory(regions)) };
  }

  protected join(words: Words, image: Seen<StackedView>, random: Random | undefined): Fused {
    const { regions, keys } = image.view;
    let query = this.question.read(words, random).vector;
    const attention = this.hops.map((score, hop) => {
      const ofHop = keys[hop] ?? score.projectMemory(regions);
      const { context, weights } = image.attend(score, query, ofHop, regions);
      query = tf.add(query, context);
      return weights;
    });
    return { joint: query, attention: tf.stack(attention, 1) as tf.Tensor3D };
  }
}
