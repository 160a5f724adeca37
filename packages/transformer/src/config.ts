import { z } from "zod";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

/** What heads need of a config: a size that they divide, and for rotary positions into pairs. */
export function requireHeads<
  Schema extends z.ZodType<{
    size: number;
    heads: number;
    positions: "sinusoidal" | "learned" | "rotary";
  }>,
>(schema: Schema): Schema {
  return schema
    .refine(({ size, heads }) => size % heads === 0, {
      message: "the heads do not divide the size",
      path: ["heads"],
    })
    .refine(({ positions, size, heads }) => positions !== "rotary" || (size / heads) % 2 === 0, {
      message: "rotary positions rotate pairs; choose an even size per head",
      path: ["positions"],
    });
}

/** Configuration of a `Transformer` without the vocabulary sizes; plain JSON. */
export const transformerNetworkSchema = requireHeads(
  z.strictObject({
    /** Size of the token vectors throughout the model, d_model. */
    size: count,
    /** Must divide `size`. */
    heads: count,
    /** Size of the hidden layer of the feed-forward network, d_ff. */
    feedForwardSize: count,
    encoderLayers: count,
    decoderLayers: count,
    /** Normalizes the input of each sublayer (Xiong et al. 2020), or the sum after it (as in the paper). */
    norm: z.enum(["pre", "post"]).default("pre"),
    /** Sinusoids (section 3.5), learned vectors, or rotated queries and keys (Su et al. 2021). */
    positions: z.enum(["sinusoidal", "learned", "rotary"]).default("sinusoidal"),
    /** The maximum sequence length with learned positions. */
    maxPositions: count.default(512),
    activation: z.enum(["relu", "gelu"]).default("relu"),
    /**
     * Which layers share one table (Press & Wolf 2017): source, target and output, which requires a
     * shared vocabulary; target and output; or none.
     */
    tied: z.enum(["all", "output", "none"]).default("all"),
    /** Of embeddings and of the output of each sublayer. */
    dropout: rate.default(0.1),
    attentionDropout: rate.default(0),
    /** Between the two layers of the feed-forward network. */
    activationDropout: rate.default(0),
  }),
).refine(({ size }) => size % 2 === 0, { message: "must be even", path: ["size"] });

/** Configuration of a `Transformer`; plain JSON. */
export const transformerConfigSchema = transformerNetworkSchema
  .safeExtend({ sourceVocabularySize: count, targetVocabularySize: count })
  .refine(
    ({ tied, sourceVocabularySize: source, targetVocabularySize: target }) =>
      tied !== "all" || source === target,
    {
      message: '"all" requires a vocabulary for both languages; or use "output"',
      path: ["tied"],
    },
  );

/** Configuration of a {@link Transformer} with all defaults. */
export type TransformerConfig = z.output<typeof transformerConfigSchema>;
/** Configuration of a {@link Transformer}; fields with a default may be omitted. */
export type TransformerConfigInput = z.input<typeof transformerConfigSchema>;

/** What a layer needs to know. */
export type LayerConfig = Pick<
  TransformerConfig,
  | "size"
  | "heads"
  | "feedForwardSize"
  | "norm"
  | "activation"
  | "dropout"
  | "attentionDropout"
  | "activationDropout"
> & {
  /** Added to the variance in layer normalization; default 1e-5. */
  readonly normEpsilon?: number;
};

/** Sizes that are known to work, without the vocabulary sizes. */
export const transformerPresets = {
  /** For tens of thousands of pairs (Wu et al. 2021, "Good for Misconceived Reasons", Transformer-Tiny). */
  tiny: {
    size: 128,
    heads: 4,
    feedForwardSize: 256,
    encoderLayers: 4,
    decoderLayers: 4,
    dropout: 0.3,
    attentionDropout: 0.1,
  },
  /** For hundreds of thousands of pairs. */
  small: {
    size: 256,
    heads: 4,
    feedForwardSize: 1024,
    encoderLayers: 4,
    decoderLayers: 4,
    dropout: 0.2,
    attentionDropout: 0.1,
  },
  /** The paper's base model (table 3), for millions. */
  base: {
    size: 512,
    heads: 8,
    feedForwardSize: 2048,
    encoderLayers: 6,
    decoderLayers: 6,
    dropout: 0.1,
  },
} as const satisfies Record<string, Partial<TransformerConfig>>;

/** A name of one of the {@link transformerPresets}. */
export type TransformerPreset = keyof typeof transformerPresets;
