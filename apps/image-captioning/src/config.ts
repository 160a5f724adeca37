import { attentionDecoderConfigSchema } from "@attend/rnn-decoder";
import { z } from "zod";

const count = z.number().int().positive();

/** What a captioner is, as its folder's config.json holds it. */
export const captionerConfigSchema = z.strictObject({
  encoder: z.strictObject({
    variant: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
    /** Photos are resized to this many pixels a side. */
    imageSize: count.default(224),
  }),
  decoder: attentionDecoderConfigSchema.omit({ vocabularySize: true, memorySize: true }),
  /** How it decodes where the caller does not say. */
  decoding: z.strictObject({
    beamWidth: count.default(5),
    maxLength: count.default(20),
    lengthPenalty: z.number().nonnegative().default(0.7),
    /** No run of so many words occurs twice (see `ConstraintOptions`); 0 allows all. */
    noRepeatNgram: z.number().int().nonnegative().default(0),
  }),
});

export type CaptionerConfig = z.output<typeof captionerConfigSchema>;
