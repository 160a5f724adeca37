import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { taggerConfigSchema } from "./tagger/config.ts";

const count = z.number().int().positive();

/** How to train a repairer, as JSON. */
const repairerTrainingSchema = z.strictObject({
  model: taggerConfigSchema.prefault({ language: "en" }),
  /** The most words that get a vector of their own; rarer ones are known by their parts alone. */
  maxWords: count.default(24000),
  /** Words that occur less often get none either. */
  minCount: count.default(3),
  /** Examples of a batch, each of at most `model.window` words. */
  batchSize: count.default(64),
  /** Its seed also determines the initial weights. Validation measures F1 of all marks, of each, and of casing. */
  training: trainingConfigWatching(["f1", "comma", "period", "question", "casing"], {
    metric: "f1",
    mode: "max",
  }),
});

/** How to train a repairer, with every default filled in. */
export type RepairerTraining = z.output<typeof repairerTrainingSchema>;

/** A config for text of a language, `en` by default. */
export function defaultRepairerTraining(language = "en"): RepairerTraining {
  return repairerTrainingSchema.parse({
    model: { language },
    training: {
      epochs: 4,
      optimizer: { name: "adam", learningRate: 2e-3, beta2: 0.99 },
      schedule: { name: "cosine", warmupSteps: 100, minLearningRateRatio: 0.02 },
      clipNorm: 1,
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readRepairerTraining(file: string): Promise<RepairerTraining> {
  return parseConfig(repairerTrainingSchema, await readJson(file), file);
}
