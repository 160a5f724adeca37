import { z } from "zod";
import { featureConfigSchema } from "./features.ts";
import { networkConfigSchema } from "./network/config.ts";

/** What a recognizer's config.json has; plain JSON. */
export const recognizerConfigSchema = z.strictObject({
  /** What the recognizer is called. */
  name: z.string().min(1).default("recognizer"),
  /** Codes of ISO 639-1. */
  languages: z.array(z.string().min(2)).default([]),
  features: featureConfigSchema.prefault({}),
  network: networkConfigSchema.prefault({}),
  search: z
    .strictObject({
      /** What spells: the classes of each step, or the decoder that attends. */
      decoder: z.enum(["ctc", "attention"]).default("ctc"),
      beamWidth: z.number().int().positive().default(8),
      /** Of the language model's log-probabilities. */
      languageWeight: z.number().nonnegative().default(0),
      /** Added for each label. */
      labelBonus: z.number().default(0),
    })
    .prefault({}),
  /** What scores are divided by, so that confidences are right as often as they say. */
  temperature: z.number().positive().default(1),
  /** Words with a lower confidence are not told. */
  threshold: z.number().min(0).max(1).default(0),
});

export type RecognizerConfig = z.output<typeof recognizerConfigSchema>;
