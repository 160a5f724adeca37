import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { languageModelConfigSchema } from "./config.ts";

const count = z.number().int().positive();

/** The units of a text. */
const vocabularySchema = z.discriminatedUnion("units", [
  z.strictObject({
    /** Can be absent, so that old runs can be resumed. */
    units: z.literal("characters").optional(),
    /** Characters that occur less often share one symbol, the unknown. */
    minCount: count.default(1),
  }),
  z.strictObject({
    units: z.literal("subwords"),
    /** Total number of tokens: 256 bytes, the text's characters, and merges. */
    size: count.default(2000),
    /** Characters that occur less often are encoded in bytes. */
    minCount: count.default(1),
  }),
]);

export type VocabularyConfig = z.output<typeof vocabularySchema>;

/** How to train a language model, as JSON. */
const languageModelTrainingSchema = z.strictObject({
  model: languageModelConfigSchema,
  vocabulary: vocabularySchema.default({ minCount: 1 }),
  /** The number of parallel streams that the text is divided into. */
  streams: count.default(32),
  /** Characters (or subwords) of each stream per update, which is also how far back gradients go. */
  steps: count.default(64),
  /** Its seed also determines the initial weights. Validation measures the loss, in nats per character (or subword). */
  training: trainingConfigWatching(["loss"], { metric: "loss", mode: "min" }),
});

/** How to train a language model, with every default filled in. */
export type LanguageModelTraining = z.output<typeof languageModelTrainingSchema>;

/** The default of `attend-language-model train`, sized for a megabyte and five minutes. */
export function defaultTraining(): LanguageModelTraining {
  return languageModelTrainingSchema.parse({
    // Without residual connections, two layers train no faster than one.
    model: { recurrent: { cell: "lstm", units: 512, layers: 2, connections: "residual" } },
    training: {
      epochs: 4,
      optimizer: { name: "adam", learningRate: 3e-3 },
      schedule: { name: "cosine", warmupSteps: 50, minLearningRateRatio: 0.02 },
      clipNorm: 1,
      ema: { decay: 0.99 },
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readTrainingConfig(file: string): Promise<LanguageModelTraining> {
  return parseConfig(languageModelTrainingSchema, await readJson(file), file);
}
