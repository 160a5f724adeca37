import { z } from "zod";

const count = z.number().int().positive();

const layersSchema = z.strictObject({
  layers: count,
  /** Size of the hidden states in all layers. */
  size: count,
  /** Kernel width in positions: centered in the encoder, causal in the decoder. */
  width: z.number().int().min(2).default(3),
});

/** Configuration of a `ConvS2S` without the vocabulary sizes; plain JSON. */
export const convS2SNetworkSchema = z.strictObject({
  /** Size of words, positions and the encoder's output. */
  embeddingSize: count,
  encoder: layersSchema,
  decoder: layersSchema,
  /** The maximum sequence length, including the start token of a target: positions are learned. */
  maxPositions: count.default(512),
  /** Target and output share one table (Press & Wolf 2017). */
  tied: z.boolean().default(true),
  /** Of words, of the input of each convolution, and of the input of the output layer. */
  dropout: z.number().min(0).lt(1).default(0.1),
});

/** Configuration of a `ConvS2S`; plain JSON. */
export const convS2SConfigSchema = convS2SNetworkSchema.extend({
  sourceVocabularySize: count,
  targetVocabularySize: count,
});

/** Configuration of a {@link ConvS2S} with all defaults. */
export type ConvS2SConfig = z.output<typeof convS2SConfigSchema>;
/** Configuration of a {@link ConvS2S}; fields with a default may be omitted. */
export type ConvS2SConfigInput = z.input<typeof convS2SConfigSchema>;

/** Sizes that are known to work, without the vocabulary sizes. */
export const convS2SPresets = {
  /** The paper's model for IWSLT (section 4.3) at half the width: for tens of thousands of pairs. */
  tiny: {
    embeddingSize: 128,
    encoder: { layers: 4, size: 128 },
    decoder: { layers: 3, size: 128 },
    dropout: 0.2,
  },
  /** The paper's model for WMT English to Romanian (section 4.1): 20 layers on each side. */
  base: {
    embeddingSize: 512,
    encoder: { layers: 20, size: 512 },
    decoder: { layers: 20, size: 512 },
    dropout: 0.1,
  },
} as const satisfies Record<string, object>;
