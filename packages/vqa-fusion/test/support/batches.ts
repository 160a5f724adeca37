import { createRandom, tf } from "@attend/runtime";
import type { Image, Question } from "../../src/index.ts";

/** The sizes of the questions and images below. */
export const sizes = { vocabularySize: 13, embeddingSize: 4, channels: 3 };

/** Random questions of the given lengths, padded with `padding`. */
export function makeQuestion(lengths: readonly number[], padding = 0): Question {
  const random = createRandom(1);
  const longest = Math.max(...lengths);
  const rows = lengths.map((length) =>
    Array.from({ length: longest }, (_, i) => (i < length ? 1 + random.integer(9) : padding)),
  );
  return { tokens: tf.tensor2d(rows, undefined, "int32"), lengths };
}

/** Random images of four regions. */
export function makeImage(rows: number, channels = sizes.channels): Image {
  return imageOf(tf.randomUniform([rows, 4, channels], -1, 1, "float32", 1));
}

export function imageOf(map: tf.Tensor3D): Image {
  return { map, pooled: tf.mean(map, 1) };
}
