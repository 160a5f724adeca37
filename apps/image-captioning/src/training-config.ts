import { augmentationSchema } from "@attend/cnn-encoder";
import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { captionerConfigSchema } from "./config.ts";

const count = z.number().int().positive();
const share = z.number().min(0).lt(1);

/** What a validation measures: what a stage's training may watch. */
const watchedMetrics = [
  "bleu1",
  "bleu2",
  "bleu3",
  "bleu4",
  "rougeL",
  "cider",
  "ciderD",
  "meteor",
] as const;

export type WatchedMetric = (typeof watchedMetrics)[number];

/** How a stage trains. It always keeps its best weights, which the next one starts from. */
const training = trainingConfigWatching(watchedMetrics, {
  metric: "ciderD",
  mode: "max",
  // The CIDEr-D of few validation photos, or of much the same captions, stays 0 while the model learns.
  tie: { metric: "meteor", mode: "max" },
});

/** What both stages by cross-entropy take. */
const crossEntropy = {
  labelSmoothing: share.default(0.1),
  attentionPenalty: z.number().nonnegative().default(0),
  /**
   * Captions that agree with the photo's others count more: how little a difference in CIDEr-D must be
   * to matter. Absent: all count alike.
   */
  agreementTemperature: z.number().positive().optional(),
};

/**
 * Of a stage of the decoder alone: photos are varied so, and encoded anew for every batch. Absent: their
 * features are computed once, as they are and mirrored, and kept on disk; that is faster, but the decoder
 * soon knows the photos by heart.
 */
const augmentation = augmentationSchema.optional();

const stageSchemas = [
  /** The decoder alone. */
  z.strictObject({
    name: z.literal("decoder"),
    photosPerBatch: count.default(24),
    augmentation,
    ...crossEntropy,
    training,
  }),
  /** Encoder and decoder together, on augmented photos. */
  z.strictObject({
    name: z.literal("end-to-end"),
    photosPerBatch: count.default(16),
    ...crossEntropy,
    /** How photos are varied. */
    augmentation: augmentationSchema.default(augmentationSchema.parse({})),
    /** Blocks of the encoder before this one stay as they are. */
    trainableFrom: z.number().int().nonnegative().default(0),
    training,
  }),
  /** The decoder alone, by reinforcement with CIDEr-D as reward (Rennie et al. 2017). */
  z.strictObject({
    name: z.literal("self-critical"),
    photosPerBatch: count.default(20),
    /** Captions drawn for each photo; each is judged against the mean of the others. */
    samples: z.number().int().min(2).default(5),
    /**
     * How much the cross-entropy of one of the photo's own captions, drawn by chance, counts beside the
     * reward: it keeps the model from forgetting how people speak.
     */
    crossEntropy: z.number().nonnegative().default(0),
    augmentation,
    /** Photos with fewer captions than this are left out: their reward says little. */
    minCaptions: count.default(1),
    training,
  }),
] as const;

/** How to train a captioner; plain JSON. Every stage starts from the best weights of the one before. */
export const captionerTrainingSchema = z.strictObject({
  seed: z.number().int().nonnegative().default(1),
  model: captionerConfigSchema,
  vocabulary: z.strictObject({
    /** Words that occur less often become the unknown word. */
    minCount: count.default(5),
    /** Longer captions are cut off. */
    maxWords: count.default(20),
  }),
  stages: z.array(z.discriminatedUnion("name", stageSchemas)).min(1),
});

/** How to train a captioner, with every default filled in. */
export type CaptionerTraining = z.output<typeof captionerTrainingSchema>;
export type Stage = CaptionerTraining["stages"][number];
export type StageNamed<Name extends Stage["name"]> = Extract<Stage, { name: Name }>;

/**
 * What `attend-caption train` does where no config is given: a decoder on the fixed encoder, then
 * reinforcement; sized for some thousand photos on a laptop.
 */
export function defaultTraining(): CaptionerTraining {
  const watched = { metric: "ciderD", mode: "max" } as const;
  const common = {
    clipNorm: 5,
    ema: { decay: 0.999, every: 5 },
    keepBest: watched,
    earlyStopping: { ...watched, patience: 3 },
  };
  return captionerTrainingSchema.parse({
    model: { encoder: {}, decoder: {}, decoding: {} },
    vocabulary: {},
    stages: [
      {
        name: "decoder",
        training: {
          ...common,
          epochs: 15,
          optimizer: { name: "adam", learningRate: 5e-4 },
          schedule: { name: "cosine", warmupSteps: 200 },
        },
      },
      {
        name: "self-critical",
        training: {
          ...common,
          epochs: 3,
          optimizer: { name: "adam", learningRate: 5e-5 },
          schedule: { name: "constant", warmupSteps: 50 },
        },
      },
    ],
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readTrainingConfig(file: string): Promise<CaptionerTraining> {
  return parseConfig(captionerTrainingSchema, await readJson(file), file);
}
