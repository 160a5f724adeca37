import { augmentationSchema, encoderSchema } from "@attend/cnn-encoder";
import { parseConfig, readJson } from "@attend/runtime/config";
import { trainingConfigWatching } from "@attend/training";
import { fusionConfigSchema, sentenceOf } from "@attend/vqa-fusion";
import { z } from "zod";
import { classesSchema, generatedSchema } from "./config.ts";
import { sentenceSize } from "./sentences.ts";
import { wordVectorSize, wordVectorsSchema } from "./word-vectors.ts";

const count = z.number().int().positive();

/** A fusion without its words and channels, which the questions, the captions and the encoder decide. */
const fusionSchema = z.looseObject({ kind: z.string() }).transform((given, { addIssue }) => {
  const words = given.kind === "word-guided" ? { words: [0] } : {};
  const decided = { vocabularySize: 2, channels: 1, ...words };
  const parsed = fusionConfigSchema.safeParse({ ...given, ...decided });
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) {
    addIssue({ code: "custom", message, path: [...path] });
  }
  return z.NEVER;
});

/** A number is that of the classes. */
const answersSchema = z.preprocess(
  (given) => (typeof given === "number" ? { kind: "classes", count: given } : given),
  z.discriminatedUnion("kind", [
    classesSchema.extend({
      /** The most common answers are the classes. */
      count: count.default(1000),
      /**
       * Whether a softmax learns the answers of all people rather than the most common one; `several` always does.
       */
      softTargets: z.boolean().default(false),
    }),
    generatedSchema.extend({
      /** Answers with words that occur in fewer answers are not learned. */
      minCount: count.default(2),
    }),
  ]),
);

/** How to train a model that answers questions, as JSON. */
const answererTrainingSchema = z
  .strictObject({
    model: z.strictObject({
      encoder: encoderSchema.prefault({ kind: "efficientnet-lite", variant: 2 }),
      /** Photos are resized to this many pixels per side. */
      imageSize: count.default(260),
      fusion: fusionSchema.prefault({ kind: "stacked" }),
      dropout: z.number().min(0).lt(1).default(0.5),
      maxWords: count.default(40),
    }),
    answers: answersSchema.prefault(1000),
    /** Words that occur less often in questions become the unknown word. */
    minCount: count.default(2),
    /** How many words of captions a `word-guided` fusion finds in regions: the most common ones. */
    regionWords: count.default(800),
    /** What the words of questions start from, unless a model is continued; needs an `embeddingSize` of 100. */
    wordVectors: wordVectorsSchema.optional(),
    /** Questions per update. */
    batchSize: count.default(128),
    /** Photos per update instead, with all their questions: so each photo is encoded once in an epoch. */
    photosPerBatch: count.optional(),
    /**
     * `frozen` computes the feature maps of all photos once; `end-to-end` trains the encoder as well, with the batch
     * norm statistics of each batch if it starts from scratch.
     */
    encoder: z.enum(["frozen", "end-to-end"]).default("frozen"),
    /** If it is trained: its blocks before this one are frozen. */
    trainableFrom: z.number().int().nonnegative().default(0),
    /**
     * How photos are varied; a frozen encoder then encodes them again for every batch. They are not mirrored, as
     * questions ask for left and right.
     */
    augmentation: augmentationSchema
      .omit({ flip: true })
      .transform((given) => ({ ...given, flip: 0 }))
      .optional(),
    /** Its seed also determines the initial weights. Validation measures the accuracy of answers and the loss. */
    training: trainingConfigWatching(["accuracy", "loss"], { metric: "accuracy", mode: "max" }),
  })
  .refine(
    ({ model, wordVectors }) =>
      wordVectors === undefined || model.fusion.embeddingSize === wordVectorSize,
    {
      path: ["wordVectors"],
      message: `needs a fusion with an "embeddingSize" of ${wordVectorSize}`,
    },
  )
  .refine(({ model }) => [undefined, sentenceSize].includes(sentenceOf(model.fusion)?.size), {
    path: ["model", "fusion", "question", "sentence", "size"],
    message: `must be ${sentenceSize}, the size of MiniLM's vectors`,
  })
  .refine(({ encoder, trainableFrom }) => encoder === "end-to-end" || trainableFrom === 0, {
    path: ["trainableFrom"],
    message: 'needs "encoder": "end-to-end"',
  });

/** How to train a model that answers questions, with every default filled in. */
export type AnswererTraining = z.output<typeof answererTrainingSchema>;

/** The default of `attend-vqa train`: stacked attention over the frozen encoder of the shipped captioner. */
export function defaultTraining(): AnswererTraining {
  return answererTrainingSchema.parse({
    model: {},
    training: {
      epochs: 12,
      optimizer: { name: "adam", learningRate: 1e-3 },
      schedule: { name: "cosine", warmupSteps: 100 },
      clipNorm: 5,
      earlyStopping: { metric: "accuracy", mode: "max", patience: 3 },
    },
  });
}

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each invalid key */
export async function readTrainingConfig(file: string): Promise<AnswererTraining> {
  return parseConfig(answererTrainingSchema, await readJson(file), file);
}
