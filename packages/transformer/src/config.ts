import { z } from "zod";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

/** How a `Transformer` is built, but for its vocabularies; plain JSON. */
export const transformerNetworkSchema = z
  .strictObject({
    /** Of a token's vector everywhere in the model, d_model. */
    size: count,
    /** Divides `size`. */
    heads: count,
    /** Of the layer between the two of the feed-forward network, d_ff. */
    feedForwardSize: count,
    encoderLayers: count,
    decoderLayers: count,
    /** Where a sub-layer is normalised: what goes in (Xiong et al. 2020), or the sum that comes out (as in the paper). */
    norm: z.enum(["pre", "post"]).default("pre"),
    /** How a token's place is told: waves (section 3.5), vectors that are learnt, or queries and keys turned (Su et al. 2021). */
    positions: z.enum(["sinusoidal", "learned", "rotary"]).default("sinusoidal"),
    /** Learned positions end here, and so does every sequence. */
    maxPositions: count.default(512),
    activation: z.enum(["relu", "gelu"]).default("relu"),
    /**
     * Which tables are one (Press & Wolf 2017): source, target and output, which takes a vocabulary of both
     * languages; target and output; or none.
     */
    tied: z.enum(["all", "output", "none"]).default("all"),
    /** Of embeddings and of what each sub-layer gives. */
    dropout: rate.default(0.1),
    attentionDropout: rate.default(0),
    /** Between the two layers of the feed-forward network. */
    activationDropout: rate.default(0),
  })
  .refine(({ size, heads }) => size % heads === 0, {
    message: "the heads do not divide the size",
    path: ["heads"],
  })
  .refine(({ positions, size, heads }) => positions !== "rotary" || (size / heads) % 2 === 0, {
    message: "rotary positions turn pairs: give each head an even size",
    path: ["positions"],
  })
  .refine(({ size }) => size % 2 === 0, { message: "must be even", path: ["size"] });

/** How a `Transformer` is built. */
export const transformerConfigSchema = transformerNetworkSchema
  .safeExtend({ sourceVocabularySize: count, targetVocabularySize: count })
  .refine(
    ({ tied, sourceVocabularySize: source, targetVocabularySize: target }) =>
      tied !== "all" || source === target,
    {
      message: 'one table for all takes a vocabulary of both languages; or tie the "output" only',
      path: ["tied"],
    },
  );

/** A Transformer's configuration with every default filled in. */
export type TransformerConfig = z.output<typeof transformerConfigSchema>;
/** A Transformer's configuration as it is written: what has a default may be absent. */
export type TransformerConfigInput = z.input<typeof transformerConfigSchema>;

/** Sizes that are known to work; the vocabularies' are the caller's. */
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

/** A name among {@link transformerPresets}. */
export type TransformerPreset = keyof typeof transformerPresets;
