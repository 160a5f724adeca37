import { recurrentConfigSchema } from "@attend/recurrent";
import { z } from "zod";

const count = z.number().int().positive();
const share = z.number().min(0).lt(1);

/** What a language model is, as its folder's config.json holds it. */
export const languageModelConfigSchema = z
  .strictObject({
    /** How a character (or subword) enters: as a vector of this size that is learnt, or one-hot. */
    embedding: z.union([z.literal("one-hot"), count]).default(64),
    /** Variational dropout of what enters the lowest layer; above it `recurrent.dropout` counts. */
    inputDropout: share.default(0),
    recurrent: recurrentConfigSchema.omit({ inputSize: true }),
    /** Variational dropout of what the highest layer gives. */
    outputDropout: share.default(0),
    /** Input and output share one table (Press & Wolf 2017). */
    tiedWeights: z.boolean().default(false),
  })
  .refine(({ embedding, tiedWeights }) => !tiedWeights || embedding !== "one-hot", {
    message: 'a shared table needs one: give "embedding" a size',
    path: ["tiedWeights"],
  });

export type LanguageModelConfig = z.output<typeof languageModelConfigSchema>;
