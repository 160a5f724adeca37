import { lengthMask } from "@attend/attention";
import { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { RecurrentReader } from "../questions/recurrent-reader.ts";
import type { ImageVector, Seen } from "../seen.ts";

/**
 * The image is the last word of the question (Ren et al. 2015): `v W + b`, as long as a word's
 * vector, is read after the words.
 */
export class LastWord extends Fusion<ImageVector> {
  readonly size: number;
  readonly question: RecurrentReader;
  readonly image: Linear;

  constructor(config: ConfigOf<"last-word">, random: Random | undefined) {
    super(config, random);
    this.question = new RecurrentReader(config.question, config.embeddingSize, random);
    this.size = this.question.vectorSize;
    this.image = new Linear(config.channels, config.embeddingSize, random);
  }

  protected see({ pooled }: ImageMap) {
    return { vector: this.image.forward(pooled) };
  }

  protected join(words: Words, image: Seen<ImageVector>, random: Random | undefined): Fused {
    const vectors = append(words, image.each(image.view.vector));
    const lengths = words.lengths.map((length) => length + 1);
    return { joint: this.question.read({ ...words, vectors, lengths }, random).vector };
  }
}

/** The words with a vector `[rows, size]` after the last of each row, `[rows, steps + 1, size]`. */
function append({ vectors, lengths }: Words, last: tf.Tensor2D): tf.Tensor3D {
  const steps = vectors.shape[1] + 1;
  const padded = tf.pad3d(vectors, [
    [0, 0],
    [0, 1],
    [0, 0],
  ]);
  const isWord: tf.Tensor3D = tf.expandDims(lengthMask(lengths, steps), 2);
  const isLast = tf.expandDims(
    tf.oneHot(tf.tensor1d([...lengths], "int32"), steps, 1, 0, "float32"),
    2,
  );
  return tf.add(tf.mul(padded, isWord), tf.mul(isLast, tf.expandDims(last, 1)));
}
