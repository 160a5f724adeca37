import { convS2SPresets } from "@attend/convs2s";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { seq2seqPresets } from "@attend/seq2seq";
import { parseConfig, parseJson, readJson, trainingConfigWatching } from "@attend/training";
import { transformerPresets } from "@attend/transformer";
import { z } from "zod";
import { languageTag } from "./language-tag.ts";

const count = z.number().int().positive();
const nonNegative = z.number().min(0);
const language = z.string().transform((given, { addIssue }) => {
  try {
    return languageTag(given);
  } catch (thrown) {
    addIssue({ code: "custom", message: messageOf(thrown) });
    return z.NEVER;
  }
});

/** The rest of a network's keys are checked by the package that builds it. */
const networkSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("transformer") }),
  z.looseObject({ kind: z.literal("seq2seq") }),
  z.looseObject({ kind: z.literal("convs2s") }),
]);

export type NetworkConfig = z.output<typeof networkSchema>;

const decodingSchema = z.strictObject({
  beamWidth: count.default(5),
  /** GNMT's alpha; see `BeamOptions`. */
  lengthPenalty: nonNegative.default(0.6),
  /** GNMT's beta. */
  coveragePenalty: nonNegative.default(0),
  /** No run of so many tokens occurs twice in a sentence; 0 allows all. */
  noRepeatNgram: z.number().int().nonnegative().default(3),
  earlyStop: z.boolean().default(true),
});

/** What a translation model is, as its folder's config.json holds it. */
const modelConfigSchema = z.strictObject({
  from: language,
  to: language,
  network: networkSchema,
  decoding: decodingSchema.prefault({}),
  /** Of a source, the end included: a longer text is translated piece by piece. */
  maxTokens: count.default(100),
  /** What the model can do, in a line. */
  about: z.string().optional(),
  /** Below this mean log-probability a token (the end included) a translation is not to be relied on. */
  confidence: z.number().max(0).optional(),
});

export type TranslationModelConfig = z.output<typeof modelConfigSchema>;

const presets = {
  transformer: transformerPresets,
  seq2seq: seq2seqPresets,
  convs2s: convS2SPresets,
};

/** A network's keys may lie on those of a preset. */
const presetSchema = networkSchema.transform(({ preset, ...given }, { addIssue }) => {
  if (preset === undefined) return networkSchema.parse(given);
  const known: Readonly<Record<string, object>> = presets[given.kind];
  const found = typeof preset === "string" ? known[preset] : undefined;
  if (found === undefined) {
    const message = `is none of ${Object.keys(known).join(", ")}`;
    addIssue({ code: "custom", path: ["preset"], message });
  }
  return networkSchema.parse({ ...found, ...given });
});

const vocabularySchema = z.strictObject({
  kind: z.enum(["bpe", "unigram"]).default("bpe"),
  /** Tokens, 256 bytes and three special ones included. Absent: as many as the pairs suffice for, 8,000 at most. */
  size: count.optional(),
  /** One vocabulary for both languages; else one each, of this size. */
  shared: z.boolean().default(true),
  minCount: count.default(1),
  /** The share of the text that the kept characters make up; 0.9995 for Chinese and Japanese. */
  coverage: z.number().gt(0).max(1).default(1),
  normalization: z.enum(["none", "nfc", "nfkc"]).default("nfkc"),
  lowerCase: z.boolean().default(false),
});

export type VocabularyConfig = z.output<typeof vocabularySchema>;

/** How to train a translation model; plain JSON. */
const translationTrainingSchema = z.strictObject({
  model: modelConfigSchema.omit({ from: true, to: true }).extend({ network: presetSchema }),
  vocabulary: vocabularySchema.prefault({}),
  /** Rows times the longest side of a batch, at most. */
  tokensPerBatch: count.default(4096),
  labelSmoothing: z.number().min(0).lt(1).default(0.1),
  /** Its seed decides the first weights, too. Validation measures BLEU (greedy search) and the loss. */
  training: trainingConfigWatching(["bleu", "loss"], {
    metric: "bleu",
    mode: "max",
    // The BLEU of a few pairs is often the same, and 0 at first.
    tie: { metric: "loss", mode: "min" },
  }),
});

export type TranslationTraining = z.output<typeof translationTrainingSchema>;

/** What `translate train` does where no config is given: a small Transformer for tens of thousands of pairs. */
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

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readModelConfig(file: string): Promise<TranslationModelConfig> {
  return parseConfig(modelConfigSchema, await readJson(file), file);
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
