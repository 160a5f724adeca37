import { convS2SPresets } from "@attend/convs2s";
import { seq2seqPresets } from "@attend/seq2seq";
import { parseConfig, readJson, trainingConfigWatching } from "@attend/training";
import { transformerPresets } from "@attend/transformer";
import { z } from "zod";

const count = z.number().int().positive();
const nonNegative = z.number().min(0);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z]+)?$/, "is no language code such as en");

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
  /** Tokens, 256 bytes and three special ones included. */
  size: count.default(8000),
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
  training: trainingConfigWatching(["bleu", "loss"], { metric: "bleu", mode: "max" }),
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

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readTrainingConfig(file: string): Promise<TranslationTraining> {
  return parseConfig(translationTrainingSchema, await readJson(file), file);
}
