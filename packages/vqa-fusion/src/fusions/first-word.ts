import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { RecurrentReader } from "../questions/recurrent-reader.ts";
import type { ImageVector, Seen } from "../seen.ts";

/**
 * The image is the first word of the question (VIS+LSTM, Ren et al. 2015): `v W + b`, as long as a
 * word's vector, is read before the words.
 */
export class FirstWord extends Fusion<ImageVector> {
  readonly size: number;
  readonly question: RecurrentReader;
  readonly image: Linear;

  constructor(config: ConfigOf<"first-word">, random: Random | undefined) {
    super(config, random);
    this.question = new RecurrentReader(config.question, config.embeddingSize, random);
    this.size = this.question.vectorSize;
    this.image = new Linear(config.channels, config.embeddingSize, random);
  }

  protected see({ pooled }: ImageMap) {
    return { vector: this.image.forward(pooled) };
  }

  protected join(words: Words, image: Seen<ImageVector>, random: Random | undefined): Fused {
    const vectors = tf.concat<tf.Tensor3D>(
      [tf.expandDims(image.each(image.view.vector), 1), words.vectors],
      1,
    );
    const lengths = words.lengths.map((length) => length + 1);
    return { joint: this.question.read({ ...words, vectors, lengths }, random).vector };
  }
}
