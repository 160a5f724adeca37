import { parseConfig, readJson } from "@attend/runtime/config";
import { readerConfigSchema } from "@attend/story-readers";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";

const count = z.number().int().positive();

/** A reader without its sizes, which the words and answers of the stories decide. */
const readerSchema = z.looseObject({ kind: z.string() }).transform((given, { addIssue }) => {
  const parsed = readerConfigSchema.safeParse({ ...given, vocabularySize: 1, answers: 1 });
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) {
    addIssue({ code: "custom", message, path: [...path] });
  }
  return z.NEVER;
});

/** How to train a bot that answers from stories, as JSON. */
const storyTrainingSchema = z.strictObject({
  reader: readerSchema.prefault({ kind: "query-reduction" }),
  /** Questions per update. */
  batchSize: count.default(32),
  /** Epochs at the start in which a memory network has no softmax. */
  linearEpochs: z.number().int().nonnegative().default(0),
  /** Its seed also determines the initial weights. Validation measures the share of wrong answers and the loss. */
  training: trainingConfigWatching(["error", "loss"], {
    ...{ metric: "error", mode: "min" },
    tie: { metric: "loss", mode: "min" },
  }),
});

/** How to train a bot that answers from stories, with every default filled in. */
export type StoryTraining = z.output<typeof storyTrainingSchema>;

/** The default of `attend-chat train --stories`: a query-reduction network (Seo et al. 2017). */
export function defaultStoryTraining(): StoryTraining {
  return storyTrainingSchema.parse({
    training: {
      epochs: 100,
      optimizer: { name: "adam", learningRate: 5e-3, weightDecay: 1e-3 },
      schedule: { name: "cosine" },
      clipNorm: 5,
      validateEvery: { epochs: 2 },
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readStoryTraining(file: string): Promise<StoryTraining> {
  return parseConfig(storyTrainingSchema, await readJson(file), file);
}
