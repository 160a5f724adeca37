import { z } from "zod";

const count = z.number().int().positive();

const layersSchema = z.strictObject({
  layers: count,
  /** Of the hidden states, in every layer. */
  size: count,
  /** How many positions a convolution covers: the encoder's own and those around it, the decoder's own and those before. */
  width: z.number().int().min(2).default(3),
});

/** How a `ConvS2S` is built, but for its vocabularies; plain JSON. */
export const convS2SNetworkSchema = z.strictObject({
  /** Of words, positions and what the encoder gives. */
  embeddingSize: count,
  encoder: layersSchema,
  decoder: layersSchema,
  /** Positions are learned: every sequence, the start of a target included, ends here. */
  maxPositions: count.default(512),
  /** Target and output share one table (Press & Wolf 2017). */
  tied: z.boolean().default(true),
  /** Of words, of every convolution's input, and of what goes to the output. */
  dropout: z.number().min(0).lt(1).default(0.1),
});

/** How a `ConvS2S` is built. */
export const convS2SConfigSchema = convS2SNetworkSchema.extend({
  sourceVocabularySize: count,
  targetVocabularySize: count,
});

/** A ConvS2S's configuration with every default filled in. */
export type ConvS2SConfig = z.output<typeof convS2SConfigSchema>;
/** A ConvS2S's configuration as it is written: what has a default may be absent. */
export type ConvS2SConfigInput = z.input<typeof convS2SConfigSchema>;

/** Sizes that are known to work; the vocabularies' are the caller's. */
export const convS2SPresets = {
  /** As the paper's for IWSLT (section 4.3), half as wide: for tens of thousands of pairs. */
  tiny: {
    embeddingSize: 128,
    encoder: { layers: 4, size: 128 },
    decoder: { layers: 3, size: 128 },
    dropout: 0.2,
  },
  /** The paper's model of WMT English to Romanian (section 4.1): 20 layers on each side. */
  base: {
    embeddingSize: 512,
    encoder: { layers: 20, size: 512 },
    decoder: { layers: 20, size: 512 },
    dropout: 0.1,
  },
} as const satisfies Record<string, object>;
