import { z } from "zod";
import { requireHeads, transformerNetworkSchema } from "./config.ts";

const count = z.number().int().positive();
const { norm, positions, maxPositions, activation, activationDropout } =
  transformerNetworkSchema.shape;
const rate = activationDropout.unwrap();

/** Configuration of a `CaptionDecoder` without the sizes of its input and output; plain JSON. */
export const captionNetworkSchema = requireHeads(
  z.strictObject({
    /** Size of the token vectors throughout the model, d_model. */
    size: count.default(256),
    /** Must divide `size`. */
    heads: count.default(4),
    /** Size of the hidden layer of the feed-forward network, d_ff. */
    feedForwardSize: count.default(1024),
    /** Layers of self-attention over the positions of the image, before words attend to them. */
    encoderLayers: z.number().int().nonnegative().default(0),
    decoderLayers: count.default(3),
    norm,
    /** Of the words. Those of the image are sinusoids of its rows and columns. */
    positions,
    maxPositions,
    activation,
    /** Of embeddings, the projected image and the output of each sublayer. */
    dropout: rate.default(0.3),
    attentionDropout: rate.default(0.1),
    activationDropout,
    /** Dropout rate of the image's channels, the same channels at all positions of an image. */
    memoryDropout: rate.default(0),
  }),
).refine(({ size }) => size % 4 === 0, {
  message: "must be divisible by 4, for sines and cosines of rows and columns",
  path: ["size"],
});

/** Configuration of a `CaptionDecoder`; plain JSON. */
export const captionDecoderConfigSchema = captionNetworkSchema.safeExtend({
  vocabularySize: z.number().int().min(4),
  /** The last words of the vocabulary, which name the encoding's `objects` and can be copied; 0 for none. */
  objectWords: z.number().int().nonnegative().default(0),
  /** Channels of the encoder's feature map. */
  memorySize: count,
});

/** Configuration of a {@link CaptionDecoder} with all defaults. */
export type CaptionDecoderConfig = z.output<typeof captionDecoderConfigSchema>;
/** Configuration of a {@link CaptionDecoder}; fields with a default may be omitted. */
export type CaptionDecoderConfigInput = z.input<typeof captionDecoderConfigSchema>;
