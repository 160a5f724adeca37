import { parseConfig, parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { trainingConfigWatching } from "@attend/training";
import { modelConfigSchema, presetSchema, vocabularySchema } from "@attend/translator";
import { z } from "zod";

const fraction = z.number().min(0).max(1).default(0);

/** How training pairs are varied in each epoch. */
const augmentationSchema = z.strictObject({
  /** Segments texts randomly (BPE-dropout, or sampling from a unigram model). */
  sampleSubwords: z.boolean().default(false),
  /** The fraction of sources to convert to lowercase. */
  lowerCase: fraction,
  /** The fraction of pairs whose final punctuation is removed. */
  noFinalMark: fraction,
});

/** How training pairs are varied, with every default filled in. */
export type Augmentation = z.output<typeof augmentationSchema>;

/** How to train a translation model, as JSON. */
const translationTrainingSchema = z
  .strictObject({
    model: modelConfigSchema.omit({ from: true, to: true }).extend({ network: presetSchema }),
    vocabulary: vocabularySchema.prefault({}),
    /** The maximum of a batch's rows times its longest side. */
    tokensPerBatch: z.number().int().positive().default(4096),
    labelSmoothing: z.number().min(0).lt(1).default(0.1),
    /** The weight of R-Drop, which makes predictions under different dropout agree; 5 is common, and doubles the time. */
    rDrop: z.number().min(0).default(0),
    augmentation: augmentationSchema.prefault({}),
    /** The weight of the coverage loss (See et al. 2017, eq. 13), which discourages repetitions; default: none. */
    coverageLoss: z.number().positive().optional(),
    /** Its seed also determines the initial weights. Validation measures greedy BLEU and the loss. */
    training: trainingConfigWatching(["bleu", "loss"], {
      metric: "bleu",
      mode: "max",
      // With few pairs, BLEU is often equal, and 0 at first.
      tie: { metric: "loss", mode: "min" },
    }),
  })
  .refine(
    ({ model: { network }, coverageLoss }) =>
      coverageLoss === undefined || (network.kind === "seq2seq" && network.attention.coverage),
    {
      path: ["coverageLoss"],
      message: 'needs a network "seq2seq" with "coverage" in its "attention"',
    },
  );

/** How to train a translation model, with every default filled in. */
export type TranslationTraining = z.output<typeof translationTrainingSchema>;

/** The default of `attend-translate train`: a small Transformer for tens of thousands of pairs. */
export function defaultTraining(): TranslationTraining {
  return translationTrainingSchema.parse({
    model: { network: { kind: "transformer", preset: "tiny" } },
    training: {
      epochs: 30,
      optimizer: { name: "adam", learningRate: 4e-3, beta2: 0.98 },
      schedule: { name: "inverse-sqrt", warmupSteps: 1000 },
      clipNorm: 1,
      ema: { decay: 0.998, every: 4 },
    },
  });
}

/**
 * @param file JSON, in any supported text encoding
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_DATA if it is not text; BAD_CONFIG if it is another
 *   program's config, or naming each invalid key
 */
export async function readTrainingConfig(file: string): Promise<TranslationTraining> {
  const { readAllLines } = await import("@attend/datasets");
  const value = parseJson((await readAllLines(file)).join("\n"), file);
  if (!translationConfig.safeParse(value).success) {
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    const message = `${file} is not a training config for translation: it has ${keys.slice(0, 10).join(", ") || "no keys"}, but no "model" with a "network"; see the README`;
    throw new AttendError("BAD_CONFIG", message);
  }
  return parseConfig(translationTrainingSchema, value, file);
}

const translationConfig = z.looseObject({
  model: z.looseObject({ network: z.unknown().refine((network) => network !== undefined) }),
});
