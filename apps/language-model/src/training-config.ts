import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { languageModelConfigSchema } from "./config.ts";

const count = z.number().int().positive();

/** What a text is read and written in. */
const vocabularySchema = z.discriminatedUnion("units", [
  z.strictObject({
    /** Absent as in a training of before there were subwords, which may be resumed. */
    units: z.literal("characters").optional(),
    /** Characters that occur less often share one, the unknown. */
    minCount: count.default(1),
  }),
  z.strictObject({
    units: z.literal("subwords"),
    /** Tokens in all: 256 bytes, the text's characters, and what is merged of them. */
    size: count.default(2000),
    /** Characters that occur less often are written in bytes. */
    minCount: count.default(1),
  }),
]);

export type VocabularyConfig = z.output<typeof vocabularySchema>;

/** How to train a language model; plain JSON. */
const languageModelTrainingSchema = z.strictObject({
  model: languageModelConfigSchema,
  vocabulary: vocabularySchema.default({ minCount: 1 }),
  /** The text is cut into this many streams, which are read side by side. */
  streams: count.default(32),
  /** Characters (or subwords) of each stream between two updates, and how far back a gradient goes. */
  steps: count.default(64),
  /** Its seed decides the first weights, too. Validation measures the loss, in nats a character (a subword). */
  training: trainingConfigWatching(["loss"], { metric: "loss", mode: "min" }),
});

/** How to train a language model, with every default filled in. */
export type LanguageModelTraining = z.output<typeof languageModelTrainingSchema>;

/** What `attend-language-model train` does where no config is given; sized for a megabyte and five minutes. */
export function defaultTraining(): LanguageModelTraining {
  return languageModelTrainingSchema.parse({
    // Two layers train no faster than one without residual connections.
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

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readTrainingConfig(file: string): Promise<LanguageModelTraining> {
  return parseConfig(languageModelTrainingSchema, await readJson(file), file);
}
