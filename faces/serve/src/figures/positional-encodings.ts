import { loadEngine, tf } from "@attend/runtime";
import { SinusoidalPositions } from "@attend/transformer";
import type { Compute } from "./figure.ts";
import { matrixOf } from "./matrix.ts";

/** The sinusoids that tell a Transformer where a word stands. */
export const positionalEncodings: Compute<"positional-encodings"> = async ({ positions, size }) => {
  await loadEngine();
  return tf.tidy(() => {
    const encodings = new SinusoidalPositions().add(tf.zeros<tf.Rank.R2>([positions, size]), 0);
    // Each pair of a sine and a cosine has length 1.
    const similarities = tf.div<tf.Tensor2D>(
      tf.matMul(encodings, encodings, false, true),
      size / 2,
    );
    return {
      encodings: matrixOf(encodings),
      similarities: matrixOf(similarities),
      wavelengths: Array.from(
        { length: size / 2 },
        (_, i) => 2 * Math.PI * 10000 ** ((2 * i) / size),
      ),
    };
  });
};
