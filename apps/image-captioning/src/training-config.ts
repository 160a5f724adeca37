import { augmentationSchema } from "@attend/cnn-encoder";
import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { z } from "zod";
import { captionerConfigSchema } from "./config.ts";

const count = z.number().int().positive();
const fraction = z.number().min(0).lt(1);

/** The metrics of a validation, which a stage's training can watch. */
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

/** How a stage trains. It always keeps its best weights, from which the next stage starts. */
const training = trainingConfigWatching(watchedMetrics, {
  metric: "ciderD",
  mode: "max",
  // With few validation photos, or very similar captions, CIDEr-D can stay 0 while the model learns.
  tie: { metric: "meteor", mode: "max" },
});

/** The settings that both cross-entropy stages share. */
const crossEntropy = {
  labelSmoothing: fraction.default(0.1),
  attentionPenalty: z.number().nonnegative().default(0),
  /**
   * Gives captions that agree with the photo's others a higher weight, the more so the lower this
   * temperature of their CIDEr-D is. If absent, all have the same weight.
   */
  agreementTemperature: z.number().positive().optional(),
};

/**
 * For a stage that trains only the decoder: how photos are varied before they are encoded again for every
 * batch. If absent, the features of the photos and their mirror images are computed once and stored on disk,
 * which is faster, but the decoder soon overfits.
 */
const augmentation = augmentationSchema.optional();

const stageSchemas = [
  /** Trains the decoder only. */
  z.strictObject({
    name: z.literal("decoder"),
    photosPerBatch: count.default(24),
    augmentation,
    ...crossEntropy,
    training,
  }),
  /** Trains encoder and decoder together, on augmented photos. */
  z.strictObject({
    name: z.literal("end-to-end"),
    photosPerBatch: count.default(16),
    ...crossEntropy,
    /** How photos are varied. */
    augmentation: augmentationSchema.default(augmentationSchema.parse({})),
    /** The weight of the loss that keeps the encoder's classes as they were, if captions can copy their names. */
    classWeight: z.number().nonnegative().default(1),
    /** Encoder blocks before this one are frozen. */
    trainableFrom: z.number().int().nonnegative().default(0),
    training,
  }),
  /** Trains the decoder only, by reinforcement learning with CIDEr-D as reward (Rennie et al. 2017). */
  z.strictObject({
    name: z.literal("self-critical"),
    photosPerBatch: count.default(20),
    /** Captions sampled for each photo; each one is compared with the mean of the others. */
    samples: z.number().int().min(2).default(5),
    /** The weights of what captions are rewarded for. */
    reward: z
      .strictObject({
        ciderD: z.number().nonnegative().default(1),
        /** Of sentence BLEU-4, 0 to 1, which rewards word order. */
        bleu4: z.number().nonnegative().default(0),
        /** Subtracted for each content word that occurs again. */
        repetition: z.number().nonnegative().default(0),
      })
      .prefault({}),
    /**
     * The weight, relative to the reward, of the cross-entropy of one of the photo's own captions, chosen at
     * random. It keeps the model from forgetting how people write.
     */
    crossEntropy: z.number().nonnegative().default(0),
    augmentation,
    /** Photos with fewer captions than this are skipped, since their reward means little. */
    minCaptions: count.default(1),
    training,
  }),
] as const;

/** How to train a captioner, as JSON. Every stage starts from the best weights of the previous one. */
export const captionerTrainingSchema = z.strictObject({
  seed: z.number().int().nonnegative().default(1),
  model: captionerConfigSchema.omit({ objects: true }),
  vocabulary: z.strictObject({
    /** Words that occur less often become the unknown word. */
    minCount: count.default(5),
    /** Longer captions are cut off. */
    maxWords: count.default(20),
    /**
     * Captions can copy names of what the encoder recognizes, its 1,000 classes of ImageNet, also if no training
     * caption names them. Needs an encoder with its classifier to start from.
     */
    objects: z.boolean().default(false),
  }),
  stages: z.array(z.discriminatedUnion("name", stageSchemas)).min(1),
});

/** How to train a captioner, with every default filled in. */
export type CaptionerTraining = z.output<typeof captionerTrainingSchema>;
export type Stage = CaptionerTraining["stages"][number];
export type StageNamed<Name extends Stage["name"]> = Extract<Stage, { name: Name }>;

/**
 * The default of `attend-caption train`: trains the decoder on the frozen encoder, then by reinforcement
 * learning. Sized for a few thousand photos on a laptop.
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

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readTrainingConfig(file: string): Promise<CaptionerTraining> {
  return parseConfig(captionerTrainingSchema, await readJson(file), file);
}
