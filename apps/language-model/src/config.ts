import { recurrentConfigSchema } from "@attend/recurrent";
import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";

const count = z.number().int().positive();
const share = z.number().min(0).lt(1);

/** What a language model is, as its folder's config.json holds it. */
export const languageModelConfigSchema = z
  .strictObject({
    /** How a character (or subword) enters: as a vector of this size that is learnt, or one-hot. */
    embedding: z.union([z.literal("one-hot"), count]).default(64),
    /** Variational dropout of what enters the lowest layer; above it `recurrent.dropout` counts. */
    inputDropout: share.default(0),
    recurrent: recurrentConfigSchema.omit({ inputSize: true }),
    /** Variational dropout of what the highest layer gives. */
    outputDropout: share.default(0),
    /** Input and output share one table (Press & Wolf 2017). */
    tiedWeights: z.boolean().default(false),
  })
  .refine(({ embedding, tiedWeights }) => !tiedWeights || embedding !== "one-hot", {
    message: 'a shared table needs one: give "embedding" a size',
    path: ["tiedWeights"],
  });

export type LanguageModelConfig = z.output<typeof languageModelConfigSchema>;

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

export type LanguageModelTraining = z.output<typeof languageModelTrainingSchema>;

/** What `language-model train` does where no config is given; sized for a megabyte and five minutes. */
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

/** The same training, but as long as the clock says. */
export function withMinutes(config: LanguageModelTraining, minutes: number): LanguageModelTraining {
  const { epochs: _, maxSteps: __, ...training } = config.training;
  return { ...config, training: { ...training, maxSeconds: minutes * 60 } };
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readModelConfig(file: string): Promise<LanguageModelConfig> {
  return parseConfig(languageModelConfigSchema, await readJson(file), file);
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readTrainingConfig(file: string): Promise<LanguageModelTraining> {
  return parseConfig(languageModelTrainingSchema, await readJson(file), file);
}
