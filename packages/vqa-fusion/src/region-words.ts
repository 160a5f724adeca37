import { Linear, Module } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";

/** How close the soft maximum is to the maximum. */
const sharpness = 4;
/** The first log-odds of a word: a region shows few of them (Lin et al. 2017, Focal Loss, section 3.3). */
const firstLogOdds = -4;

/**
 * Which words the regions of an image show. It learns from what is said of whole images, by multiple instance
 * learning (Fang et al. 2015, section 3): an image shows what one of its regions shows, by a soft maximum (Pinheiro &
 * Collobert 2015, eq. 6). A region is seen with its neighbors j, so that a score has its peak inside of an object.
 *
 *     s_i = mean_j x_j W + b    s = log(mean_i exp(r s_i)) / r
 */
export class RegionWords extends Module {
  readonly scores: Linear;
  /** The index of each word of the vocabulary; -1 without one. */
  readonly #indexOf: Int32Array;

  /**
   * @param words their ids in the vocabulary
   * @param random initializes the weights; without it they are zero, to be loaded
   */
  constructor(
    {
      channels,
      vocabularySize,
      words,
    }: { channels: number; vocabularySize: number; words: readonly number[] },
    random: Random | undefined,
  ) {
    super();
    this.scores = new Linear(channels, words.length, random);
    if (random) tf.tidy(() => this.scores.bias?.assign(tf.fill([words.length], firstLogOdds)));
    this.#indexOf = new Int32Array(vocabularySize).fill(-1);
    for (const [index, id] of words.entries()) this.#indexOf[id] = index;
  }

  /**
   * The log-odds that each region shows each word, `[images, positions, channels] -> [images, positions, words]`; the
   * caller, or the `tf.tidy` around it, owns it.
   *
   * @throws AttendError BAD_SHAPE unless the map is square
   */
  ofRegions(map: tf.Tensor3D): tf.Tensor3D {
    return tf.tidy(() => meanOfNeighbors(this.scores.forward(map)));
  }

  /** The log-odds that an image shows each word, of its regions': `[images, positions, words] -> [images, words]`. */
  ofImages(regions: tf.Tensor3D): tf.Tensor2D {
    return tf.tidy(() => {
      const sum = tf.logSumExp<tf.Tensor2D>(tf.mul(regions, sharpness), 1);
      return tf.div(tf.sub(sum, Math.log(regions.shape[1])), sharpness);
    });
  }

  /** Which of the words each token is, `[rows, steps] -> [rows, steps, words]`: one 1, or none. */
  named(tokens: tf.Tensor2D): tf.Tensor3D {
    return tf.tidy(() => {
      const indices = tf.gather(tf.tensor1d(this.#indexOf), tokens);
      const all = tf.range(0, this.scores.kernel.shape[1], 1, "int32");
      return tf.cast<tf.Tensor3D>(tf.equal(tf.expandDims(indices, 2), all), "float32");
    });
  }
}

/**
 * Each region's mean with those around it, of the same shape `[images, positions, channels]`; the caller, or the
 * `tf.tidy` around it, owns it.
 *
 * @throws AttendError BAD_SHAPE unless the map is square
 */
export function meanOfNeighbors(map: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const [images, positions] = map.shape;
    const around = tf.tile(tf.expandDims<tf.Tensor3D>(neighbors(positions)), [images, 1, 1]);
    return tf.matMul(around, map);
  });
}

/** `[positions, positions]`: averages each region of a square map with those around it. */
function neighbors(positions: number): tf.Tensor2D {
  const side = Math.sqrt(positions);
  if (!Number.isInteger(side)) {
    const message = `the images' map has ${positions} positions; "word-guided" requires a square number of them`;
    throw new AttendError("BAD_SHAPE", message);
  }
  const isNear = (one: number, other: number) =>
    Math.abs((one % side) - (other % side)) <= 1 &&
    Math.abs(Math.floor(one / side) - Math.floor(other / side)) <= 1;
  const all = Array.from({ length: positions }, (_, i) => i);
  const rows = all.map((one) => {
    const near = all.filter((other) => isNear(one, other));
    return all.map((other) => (near.includes(other) ? 1 / near.length : 0));
  });
  return tf.tensor2d(rows);
}
