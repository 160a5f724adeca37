import { loadEngine, tf } from "@attend/runtime";
import { SinusoidalPositions } from "@attend/transformer";
import type { Figure } from "./figure.ts";
import { matrixOf } from "./matrix.ts";

/** The sinusoids that tell a Transformer where a word stands. */
export const positionalEncodings: Figure<"positional-encodings"> = {
  about: {
    title: "Positional encoding",
    equation:
      "PE_{(pos, i)} = \\sin(pos / 10000^{2i/d}), \\quad PE_{(pos, d/2 + i)} = \\cos(pos / 10000^{2i/d})",
    paper: {
      title: "Vaswani et al. 2017, Attention is all you need, section 3.5",
      url: "https://arxiv.org/abs/1706.03762",
    },
    file: "packages/transformer/src/positions.ts",
  },
  async compute({ positions, size }) {
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
  },
};
