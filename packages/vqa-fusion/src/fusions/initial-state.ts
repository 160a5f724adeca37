import { Linear } from "@attend/nn";
import { sizesIn, stateFrom } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { RecurrentReader } from "../questions/recurrent-reader.ts";
import type { ImageVector, Seen } from "../seen.ts";

/**
 * The image is the question network's first state: what the network has "read" before the question, as captioners
 * start from their image (Xu et al. 2015, section 3.1.2).
 *
 *     [h_0; c_0] = tanh(v W + b)    joint = the question's vector
 */
export class InitialState extends Fusion<ImageVector> {
  readonly size: number;
  readonly question: RecurrentReader;
  readonly state: Linear;

  constructor(config: ConfigOf<"initial-state">, random: Random | undefined) {
    super(config, random);
    this.question = new RecurrentReader(config.question, config.embeddingSize, random);
    this.size = this.question.vectorSize;
    const total = this.#stateSizes.reduce((sum, size) => sum + size, 0);
    this.state = new Linear(config.channels, total, random);
  }

  protected see({ pooled }: ImageMap) {
    return { vector: tf.tanh(this.state.forward(pooled)) };
  }

  protected join(words: Words, image: Seen<ImageVector>, random: Random | undefined): Fused {
    const parts = tf.split<tf.Tensor2D>(image.each(image.view.vector), this.#stateSizes, 1);
    const start = stateFrom(this.question.network.stateSizes, parts);
    return { joint: this.question.read(words, random, start).vector };
  }

  get #stateSizes(): number[] {
    return sizesIn(this.question.network.stateSizes).map(({ size }) => size);
  }
}
