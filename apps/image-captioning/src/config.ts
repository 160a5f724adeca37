import { fits } from "@attend/cnn-encoder";
import { attentionDecoderConfigSchema } from "@attend/rnn-decoder";
import { captionNetworkSchema } from "@attend/transformer";
import { z } from "zod";

const count = z.number().int().positive();

/** LSTMs that attend to the photo, which have no `kind`, or a Transformer's decoder. */
const decoderSchema = z.discriminatedUnion(
  "kind",
  [
    attentionDecoderConfigSchema
      .omit({ vocabularySize: true, memorySize: true, objectWords: true })
      .extend({ kind: z.undefined().optional() }),
    captionNetworkSchema.safeExtend({ kind: z.literal("transformer") }),
  ],
  {
    error: ({ code }) =>
      code === "invalid_union" ? 'expected "transformer", or no kind for LSTMs' : undefined,
  },
);

/** A captioner's config.json. */
export const captionerConfigSchema = z.strictObject({
  encoder: z.strictObject({
    variant: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
    /** Photos are resized to this many pixels per side. */
    imageSize: count.default(224),
  }),
  decoder: decoderSchema,
  /**
   * The last words of the vocabulary, in order: captions can copy them, because each names some of the encoder's
   * classes (of ImageNet, 0 to 999).
   */
  objects: z.record(z.string(), z.array(z.number().int().min(0).max(999)).min(1)).optional(),
  /** How photos are made square when they are captioned; default `fill`, as in training. */
  fit: z.enum(fits).optional(),
  /** The default decoding options. */
  decoding: z.strictObject({
    beamWidth: count.default(5),
    maxLength: count.default(20),
    lengthPenalty: z.number().nonnegative().default(0.7),
    /** No sequence of this many words occurs twice (see `ConstraintOptions`); 0 allows all. */
    noRepeatNgram: z.number().int().nonnegative().default(0),
  }),
});

export type CaptionerConfig = z.output<typeof captionerConfigSchema>;
