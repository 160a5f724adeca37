import { z } from "zod";

/** What is known of a trained matcher beside its pairs and weights; plain JSON. */
export const matcherConfigSchema = z.strictObject({
  /** The name of the sentence vectors that it was trained with. */
  encoder: z.string().min(1),
  /** The number of their elements. */
  dimension: z.number().int().positive(),
  /** Answers of at least this confidence are confident. */
  threshold: z.number().min(0).max(1),
});

/** The configuration of a `FaqMatcher`. */
export type MatcherConfig = z.output<typeof matcherConfigSchema>;
