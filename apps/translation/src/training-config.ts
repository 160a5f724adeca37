import { parseConfig, parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { trainingConfigWatching } from "@attend/training";
import { modelConfigSchema, presetSchema, vocabularySchema } from "@attend/translator";
import { z } from "zod";

/** How to train a translation model; plain JSON. */
const translationTrainingSchema = z
  .strictObject({
    model: modelConfigSchema.omit({ from: true, to: true }).extend({ network: presetSchema }),
    vocabulary: vocabularySchema.prefault({}),
    /** Rows times the longest side of a batch, at most. */
    tokensPerBatch: z.number().int().positive().default(4096),
    labelSmoothing: z.number().min(0).lt(1).default(0.1),
    /** The weight of the coverage loss (See et al. 2017, eq. 13), which discourages repetitions; absent: none. */
    coverageLoss: z.number().positive().optional(),
    /** Its seed decides the first weights, too. Validation measures BLEU (greedy search) and the loss. */
    training: trainingConfigWatching(["bleu", "loss"], {
      metric: "bleu",
      mode: "max",
      // The BLEU of a few pairs is often the same, and 0 at first.
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

/** What `attend-translate train` does where no config is given: a small Transformer for tens of thousands of pairs. */
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
 * @param file JSON, in any encoding that texts are read in
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_DATA where it is no text; BAD_CONFIG where it is another
 *   program's, or naming each wrong key
 */
export async function readTrainingConfig(file: string): Promise<TranslationTraining> {
  const { readAllLines } = await import("@attend/datasets");
  const value = parseJson((await readAllLines(file)).join("\n"), file);
  if (!configuresTranslation.safeParse(value).success) {
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    const message = `${file} configures no training of a translation model: it has ${keys.slice(0, 10).join(", ") || "no keys"}, and not "model" with a "network" in it; see the README`;
    throw new AttendError("BAD_CONFIG", message);
  }
  return parseConfig(translationTrainingSchema, value, file);
}

const configuresTranslation = z.looseObject({
  model: z.looseObject({ network: z.unknown().refine((network) => network !== undefined) }),
});
