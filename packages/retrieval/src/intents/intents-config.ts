import { z } from "zod";

/** What is known of a trained classifier beside its intents and weights; plain JSON. */
export const intentsConfigSchema = z.strictObject({
  /** The name of the sentence vectors that it was trained with. */
  encoder: z.string().min(1),
  /** The number of their elements. */
  dimension: z.number().int().positive(),
  hiddenSize: z.number().int().positive(),
  /** Intents of at least this confidence are confident; texts below are out of scope. */
  threshold: z.number().min(0).max(1),
});

/** The configuration of an `IntentClassifier`. */
export type IntentsConfig = z.output<typeof intentsConfigSchema>;
