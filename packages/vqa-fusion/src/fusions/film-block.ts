import { heNormal, LayerNorm, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/**
 * A residual block of FiLM (Perez et al. 2018, figure 3), with layer instead of batch normalization, which needs
 * no statistics of other images:
 *
 *     x' = relu(x W + b)    y = x' + relu(scale * norm(conv3x3(x')) + shift)
 */
export class FilmBlock extends Module {
  readonly input: Linear;
  /** `[3, 3, size, size]` */
  readonly kernel: Parameter<tf.Rank.R4>;
  readonly norm: LayerNorm;

  constructor(size: number, random: Random | undefined) {
    super();
    this.input = new Linear(size, size, random);
    this.kernel = parameter(heNormal(random)<tf.Rank.R4>([3, 3, size, size]));
    this.norm = new LayerNorm(size);
  }

  /**
   * @param grid `[rows, height, width, size]`
   * @param modulation scale - 1 and shift, side by side, `[rows, 2 size]`
   */
  forward(grid: tf.Tensor4D, modulation: tf.Tensor2D): tf.Tensor4D {
    const input = tf.relu(this.input.forward(grid));
    const normed = this.norm.forward(tf.conv2d(input, this.kernel, 1, "same"));
    const broadcast = tf.reshape(modulation, [modulation.shape[0], 1, 1, -1]);
    const [scale, shift] = tf.split(broadcast, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const modulated = tf.add<tf.Tensor4D>(tf.mul(normed, tf.add(scale, 1)), shift);
    return tf.add(input, tf.relu(modulated));
  }
}
