import { Embedding, Module, normal } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";

/** Words with their places: both learned, added (Gehring et al. 2017, section 3.1). */
export class Words extends Module {
  readonly words: Embedding;
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
   * @throws AttendError BAD_ARGUMENT for more steps than it has learned places
   */
  forward(tokens: tf.Tensor2D): tf.Tensor3D {
    const [, steps] = tokens.shape;
    this.#require(steps);
    const places = tf.slice(this.places.table, [0, 0], [steps, -1]);
    return tf.add(this.words.forward(tokens) as tf.Tensor3D, places);
  }

  /** Tokens of one place, `[rows] -> [rows, size]`. */
  at(place: number, tokens: tf.Tensor1D): tf.Tensor2D {
    this.#require(place + 1);
    const own = tf.slice(this.places.table, [place, 0], [1, -1]);
    return tf.add(this.words.forward(tokens) as tf.Tensor2D, own);
  }

  #require(steps: number): void {
    const [count] = this.places.table.shape;
    if (steps <= count) return;
    throw new AttendError(
      "BAD_ARGUMENT",
      `this model has learnt ${count} positions, but ${steps} tokens were given; give it shorter pieces`,
    );
  }
}
