import { z } from "zod";

const count = z.number().int().positive();

/** A tagger's settings. */
export const taggerConfigSchema = z.strictObject({
  /** Of its texts, such as `en`. */
  language: z.string().regex(/^[a-z]{2}$/, "is not a language such as en"),
  /** Elements of the vector of a word, and of a part of a word. */
  embeddingSize: count.default(100),
  /** Vectors that the parts of words share. */
  buckets: count.default(8000),
  /** Units of each direction. */
  units: count.default(128),
  layers: count.default(2),
  /** Of each layer's input and of the output. */
  dropout: z.number().min(0).lt(1).default(0.25),
  /** The most words that are read at once; longer texts are read in windows. */
  window: count.min(8).default(96),
});

export type TaggerConfig = z.output<typeof taggerConfigSchema>;
