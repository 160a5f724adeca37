import { lengthMask } from "@attend/attention";
import { dropout, LayerNorm, Module } from "@attend/nn";
import { createEncoder, type Encoder } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { ListenerConfig } from "./config.ts";
import { Convolution } from "./convolution.ts";

/** What was heard. A type rather than an interface, so that `tf.tidy` may return it. */
export type Heard = {
  /** `[batch, steps, units]`; zero past a sequence's length. */
  readonly output: tf.Tensor3D;
  /** Each sequence as one vector, `[batch, units]`. */
  readonly summary: tf.Tensor2D;
  /** Of `output`. */
  readonly lengths: number[];
};

/**
 * Reads the features of speech: convolutions over frames and bands, of which the first halves the frames and each the bands,
 * then a pyramid of bidirectional LSTMs, each of which but the first halves the steps again (Chan et al. 2016, section 3.1).
 */
export class Listener extends Module {
  readonly convolutions: readonly Convolution[];
  /** Of what the pyramid reads, without which it learns slowly. */
  readonly norm: LayerNorm;
  readonly pyramid: Encoder;
  readonly #dropout: number;

  /** @param bands features of a frame */
  constructor(bands: number, config: ListenerConfig, random: Random | undefined) {
    super();
    const { channels, units, layers, dropout: rate } = config;
    this.convolutions = channels.map(
      (each, i) => new Convolution(channels[i - 1] ?? 1, each, [i === 0 ? 2 : 1, 2], random),
    );
    const inputSize = channels.reduce(half, bands) * (channels.at(-1) ?? 1);
    this.norm = new LayerNorm(inputSize);
    const pyramid = { cell: "lstm", bidirectional: "all", timeReduction: 2 } as const;
    this.pyramid = createEncoder({ ...pyramid, inputSize, units, layers, dropout: rate }, random);
    this.#dropout = rate;
  }

  /** Size of the output. */
  get units(): number {
    return this.pyramid.units;
  }

  /** Frames that become one step of the output. */
  get framesPerStep(): number {
    const halvings = (this.convolutions.length > 0 ? 1 : 0) + (this.pyramid.layers.length - 1) / 2;
    return 2 ** halvings;
  }

  /** Steps of the output for a number of frames. */
  stepsOf(frames: number): number {
    return Math.ceil(frames / this.framesPerStep);
  }

  /**
   * The surrounding scope owns the result.
   *
   * @param features `[batch, frames, bands]`
   * @param lengths frames of each sequence
   * @param random enables dropout
   */
  forward(features: tf.Tensor3D, lengths: readonly number[], random: Random | undefined): Heard {
    let map: tf.Tensor4D = masked(tf.expandDims(features, 3), lengths);
    let steps = lengths;
    for (const [i, convolution] of this.convolutions.entries()) {
      if (i === 0) steps = lengths.map(half);
      map = masked(convolution.forward(map), steps);
    }
    const [batch, count, bands, channels] = map.shape;
    const sequences: tf.Tensor3D = tf.reshape(map, [batch, count, bands * channels]);
    const input = this.norm.forward(sequences);
    const encoded = this.pyramid.forward(input, { lengths: steps, random });
    return {
      output: dropout(encoded.output, this.#dropout, random),
      summary: encoded.summary,
      lengths: [...(encoded.lengths ?? steps)],
    };
  }
}

const half = (count: number) => Math.ceil(count / 2);

/** Zeroes `[batch, steps, bands, channels]` past the lengths. */
function masked(map: tf.Tensor4D, lengths: readonly number[]): tf.Tensor4D {
  const [batch, steps] = map.shape;
  if (lengths.every((length) => length === steps)) return map;
  return tf.mul(map, tf.reshape(lengthMask(lengths, steps), [batch, steps, 1, 1]));
}
