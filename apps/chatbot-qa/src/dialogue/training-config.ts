import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { dialogueModelSchema } from "./model.ts";

const count = z.number().int().positive();

/** How to train a bot that converses, as JSON. */
const dialogueTrainingSchema = z.strictObject({
  model: dialogueModelSchema.prefault({}),
  /** The most tokens of the vocabulary; fewer if the conversations are few. */
  vocabularySize: count.min(400).default(8000),
  /** Tokens of the turns of a batch. */
  tokensPerBatch: count.default(2000),
  /** Longer conversations are cut into pieces. */
  maxTurns: count.min(2).default(20),
  /** The share of conversations of which only what is said is learned, to avoid what fits everything. */
  forget: z.number().min(0).lt(1).default(0.1),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /** Its seed also determines the initial weights. Validation measures the loss per token, in nats. */
  training: trainingConfigWatching(["loss"], { metric: "loss", mode: "min" }),
});

/** How to train a bot that converses, with every default filled in. */
export type DialogueTraining = z.output<typeof dialogueTrainingSchema>;

/** The default of `attend-chat train --dialogue`. */
export function defaultDialogueTraining(): DialogueTraining {
  return dialogueTrainingSchema.parse({
    training: {
      epochs: 3,
      optimizer: { name: "adam", learningRate: 2e-3, beta2: 0.99 },
      schedule: { name: "cosine", warmupSteps: 200, minLearningRateRatio: 0.02 },
      clipNorm: 1,
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readDialogueTraining(file: string): Promise<DialogueTraining> {
  return parseConfig(dialogueTrainingSchema, await readJson(file), file);
}
