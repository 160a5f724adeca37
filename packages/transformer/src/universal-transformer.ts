import { lengthMask } from "@attend/attention";
import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { AdaptiveComputation } from "./adaptive-computation.ts";
import { EncoderLayer } from "./layers.ts";
import { SinusoidalPositions } from "./positions.ts";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

/** Configuration of a {@link UniversalTransformer}; plain JSON. */
export const universalTransformerConfigSchema = z
  .strictObject({
    /** Even, for the sinusoids. */
    size: count.multipleOf(2),
    /** Must divide `size`. */
    heads: count,
    feedForwardSize: count,
    /** The most steps that a position takes. */
    maxSteps: count.default(6),
    /** Of the output of each sublayer. */
    dropout: rate.default(0.1),
    attentionDropout: rate.default(0.1),
  })
  .refine(({ size, heads }) => size % heads === 0, {
    message: "the heads do not divide the size",
    path: ["heads"],
  });

/** Configuration of a {@link UniversalTransformer} with all defaults. */
export type UniversalTransformerConfig = z.output<typeof universalTransformerConfigSchema>;
/** Configuration of a {@link UniversalTransformer}; fields with a default may be omitted. */
export type UniversalTransformerConfigInput = z.input<typeof universalTransformerConfigSchema>;

/** What a {@link UniversalTransformer} computed. A type rather than an interface, so that `tf.tidy` may return it. */
export type UniversalEncoding = {
  /** `[rows, positions, size]`; 0 past a sequence's end. */
  readonly output: tf.Tensor3D;
  /** Of each step, `[rows, heads, positions, positions]`; what padding attends to means nothing. */
  readonly weights: tf.Tensor4D[];
  /** The mean of steps and remainder over all positions but padding: what computing cost. */
  readonly ponder: tf.Scalar;
};

/**
 * The encoder of a Universal Transformer (Dehghani et al. 2019): one layer, applied as often as each position needs
 * ({@link AdaptiveComputation}). Before each step, sinusoids tell the position i and the step t (eq. 6 and 7):
 *
 *     A^t = LayerNorm(H^{t-1} + P^t + attention(H^{t-1} + P^t))    H^t = LayerNorm(A^t + transition(A^t))
 */
export class UniversalTransformer extends Module {
  readonly layer: EncoderLayer;
  readonly computation: AdaptiveComputation;

  /** @param random initializes the weights; without it they are zero, to be loaded */
  constructor(config: UniversalTransformerConfig, random?: Random) {
    super();
    const layer = { ...config, norm: "post", activation: "relu", activationDropout: 0 } as const;
    this.layer = new EncoderLayer(layer, random);
    this.computation = new AdaptiveComputation(config.size, random, config);
  }

  /**
   * @param input `[rows, positions, size]`
   * @param lengths of the sequences, at least 1 each
   * @param options.random enables dropout
   * @returns the caller owns it
   */
  encode(
    input: tf.Tensor3D,
    lengths: readonly number[],
    options?: { readonly random?: Random | undefined },
  ): UniversalEncoding {
    return tf.tidy(() => {
      const [, count, size] = input.shape;
      const positions = new SinusoidalPositions();
      const places = positions.add(tf.zeros<tf.Rank.R2>([count, size]), 0);
      const counts = tf.tensor1d([...lengths], "int32");
      const weights: tf.Tensor4D[] = [];
      const mask = lengthMask(lengths, count);
      const { output, ponder } = this.computation.run(input, mask, (state, t) => {
        const coordinates = tf.add(places, positions.add(tf.zeros<tf.Rank.R2>([1, size]), t + 1));
        const placed = tf.add<tf.Tensor3D>(state, coordinates);
        const next = this.layer.forward(placed, counts, { positions, random: options?.random });
        weights.push(next.weights);
        return next.output;
      });
      const mean = tf.div<tf.Scalar>(tf.sum(ponder), tf.sum(mask));
      return { output, weights, ponder: mean };
    });
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createUniversalTransformer(
  config: UniversalTransformerConfigInput,
  random?: Random,
): UniversalTransformer {
  const parsed = parseConfig(universalTransformerConfigSchema, config, "Universal Transformer");
  return new UniversalTransformer(parsed, random);
}
