import { heNormal, Module, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/** A convolution of 3 steps and 3 bands with rectified outputs, and zeros around the input. */
export class Convolution extends Module {
  /** `[3, 3, inChannels, channels]` */
  readonly kernel: Parameter<tf.Rank.R4>;
  /** `[channels]` */
  readonly bias: Parameter<tf.Rank.R1>;
  readonly #strides: [steps: number, bands: number];

  /** @param strides how many steps and bands it moves at a time */
  constructor(
    inChannels: number,
    channels: number,
    strides: [steps: number, bands: number],
    random: Random | undefined,
  ) {
    super();
    this.kernel = parameter(heNormal(random)<tf.Rank.R4>([3, 3, inChannels, channels]));
    this.bias = parameter(tf.zeros<tf.Rank.R1>([channels]));
    this.#strides = strides;
  }

  /** `[batch, steps, bands, inChannels] -> [batch, ceil(steps / stride), ceil(bands / stride), channels]` */
  forward(input: tf.Tensor4D): tf.Tensor4D {
    // TensorFlow's "same" would pad a strided input by the parity of its length.
    const sides: [number, number] = [1, 1];
    const padded: tf.Tensor4D = tf.pad4d(input, [[0, 0], sides, sides, [0, 0]]);
    return tf.relu(
      tf.add<tf.Tensor4D>(tf.conv2d(padded, this.kernel, this.#strides, "valid"), this.bias),
    );
  }
}
