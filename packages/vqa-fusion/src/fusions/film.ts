import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import type { Seen } from "../seen.ts";
import { FilmBlock } from "./film-block.ts";

/**
 * Feature-wise linear modulation (FiLM, Perez et al. 2018): the question scales and shifts the channels of a small
 * residual network over the image's map, whose strongest features are the joint vector. The map has to be square.
 *
 *     [s_1; t_1; ...; s_n; t_n] = q W + b    x_0 = relu([F; coordinates] W_0)
 *     x_k = block_k(x_k-1, 1 + s_k, t_k)     joint = max over positions of relu(x_n W_n)
 */
export class Film extends Fusion<Record<"grid", tf.Tensor4D>> {
  readonly size: number;
  readonly question: QuestionReader;
  readonly modulation: Linear;
  readonly stem: Linear;
  readonly blocks: readonly FilmBlock[];
  readonly features: Linear;

  constructor(config: ConfigOf<"film">, random: Random | undefined) {
    super(config, random);
    const { size, channels, blocks } = config;
    this.size = size;
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    this.modulation = new Linear(this.question.vectorSize, 2 * blocks * size, random);
    this.stem = new Linear(channels + 2, size, random);
    this.blocks = Array.from({ length: blocks }, () => new FilmBlock(size, random));
    this.features = new Linear(size, size, random);
  }

  /** @throws AttendError BAD_SHAPE unless the map is square */
  protected see({ map }: ImageMap) {
    return { grid: tf.relu(this.stem.forward(gridOf(map))) };
  }

  protected join(
    words: Words,
    image: Seen<Record<"grid", tf.Tensor4D>>,
    random: Random | undefined,
  ): Fused {
    const { vector } = this.question.read(words, random);
    const modulation = this.modulation.forward(vector);
    const size = 2 * this.size;
    const grid = this.blocks.reduce<tf.Tensor4D>(
      (x, block, i) => block.forward(x, tf.slice(modulation, [0, i * size], [-1, size])),
      image.each(image.view.grid),
    );
    return { joint: tf.max<tf.Tensor2D>(tf.relu(this.features.forward(grid)), [1, 2]) };
  }
}

/** `[rows, positions, channels] -> [rows, side, side, channels + 2]`, with coordinates from -1 to 1. */
function gridOf(map: tf.Tensor3D): tf.Tensor4D {
  const [rows, positions, channels] = map.shape;
  const side = Math.sqrt(positions);
  if (!Number.isInteger(side)) {
    throw new AttendError(
      "BAD_SHAPE",
      `the images' map has ${positions} positions; "film" requires a square number of them`,
    );
  }
  const line = side === 1 ? tf.zeros([1]) : tf.linspace(-1, 1, side);
  const [down, across] = [tf.reshape(line, [1, side, 1, 1]), tf.reshape(line, [1, 1, side, 1])];
  const filled = (coordinate: tf.Tensor) =>
    tf.add<tf.Tensor4D>(coordinate, tf.zeros([rows, side, side, 1]));
  return tf.concat(
    [tf.reshape(map, [rows, side, side, channels]), filled(down), filled(across)],
    3,
  );
}
