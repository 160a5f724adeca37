import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { augmentationSchema } from "./augment/config.ts";
import { recognizerConfigSchema } from "./config.ts";
import { units } from "./labels.ts";

/** How to train a recognizer, as JSON. */
const recognizerTrainingSchema = z.strictObject({
  model: recognizerConfigSchema.prefault({}),
  /** What the recognizer writes: words for commands and the like, of each of which there are recordings, or characters. */
  unit: z.enum(units).default("words"),
  /** Labels that the language model looks at. */
  languageOrder: z.number().int().min(1).max(8).default(4),
  augmentation: augmentationSchema.prefault({}),
  /** Frames of 10 ms of a batch. */
  framesPerBatch: z.number().int().positive().default(1200),
  /** Epochs that begin with labels spread evenly over each recording, see `flatAlignment`. */
  flatStart: z.number().int().nonnegative().default(2),
  /** The share of the speller's loss, if the model has one. */
  spellerShare: z.number().min(0).lt(1).default(0.5),
  /** Its seed also determines the initial weights. Validation measures error rates and the loss. */
  training: trainingConfigWatching(["wer", "cer", "loss"], {
    ...{ metric: "wer", mode: "min" },
    tie: { metric: "loss", mode: "min" },
  }),
});

/** How to train a recognizer, with every default filled in. */
export type RecognizerTraining = z.output<typeof recognizerTrainingSchema>;

/** The default of `attend-interpret train`: for spoken commands, at most some thousand recordings. */
export function defaultRecognizerTraining(): RecognizerTraining {
  return recognizerTrainingSchema.parse({
    training: {
      epochs: 30,
      optimizer: { name: "adam", learningRate: 4e-3, beta2: 0.99 },
      schedule: { name: "cosine", warmupSteps: 50, minLearningRateRatio: 0.02 },
      clipNorm: 1,
      ema: { decay: 0.98 },
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readRecognizerTraining(file: string): Promise<RecognizerTraining> {
  return parseConfig(recognizerTrainingSchema, await readJson(file), file);
}
