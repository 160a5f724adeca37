import { recurrentConfigSchema } from "@attend/recurrent";
import { z } from "zod";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

/** A language model's config.json. */
export const languageModelConfigSchema = z
  .strictObject({
    /** The embedding of a character (or subword): a learned vector of this size, or one-hot. */
    embedding: z.union([z.literal("one-hot"), count]).default(64),
    /** Variational dropout of the lowest layer's input; `recurrent.dropout` applies above it. */
    inputDropout: rate.default(0),
    recurrent: recurrentConfigSchema.omit({ inputSize: true }),
    /** Variational dropout of the highest layer's output. */
    outputDropout: rate.default(0),
    /** Input and output share one embedding (Press & Wolf 2017). */
    tiedWeights: z.boolean().default(false),
  })
  .refine(({ embedding, tiedWeights }) => !tiedWeights || embedding !== "one-hot", {
    message: 'tied weights need an embedding; give "embedding" a size',
    path: ["tiedWeights"],
  });

export type LanguageModelConfig = z.output<typeof languageModelConfigSchema>;
