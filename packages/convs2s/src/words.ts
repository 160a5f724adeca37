import { Embedding, learnedPositions, Module, normal } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/** The sum of learned word and position embeddings (Gehring et al. 2017, section 3.1). */
export class Words extends Module {
  readonly words: Embedding;
  /** Position embeddings. */
  readonly places: Embedding;

  constructor(
    {
      vocabularySize,
      size,
      maxPositions,
    }: Record<"vocabularySize" | "size" | "maxPositions", number>,
    random: Random | undefined,
  ) {
    super();
    const initializer = normal(random, 0.1);
    this.words = new Embedding(vocabularySize, size, random, { initializer });
    this.places = new Embedding(maxPositions, size, random, { initializer });
  }

  /**
   * @param tokens `[rows, steps]` int32
   * @returns `[rows, steps, size]`
   * @throws AttendError BAD_ARGUMENT for more steps than learned positions
   */
  forward(tokens: tf.Tensor2D): tf.Tensor3D {
    const positions = learnedPositions(this.places, 0, tokens.shape[1]);
    return tf.add(this.words.forward(tokens) as tf.Tensor3D, positions);
  }

  /** Tokens at a single position, `[rows] -> [rows, size]`. */
  at(position: number, tokens: tf.Tensor1D): tf.Tensor2D {
    const encoding = learnedPositions(this.places, position, 1);
    return tf.add(this.words.forward(tokens) as tf.Tensor2D, encoding);
  }
}
