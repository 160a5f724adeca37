import { convS2SPresets } from "@attend/convs2s";
import { parseConfig, readJson } from "@attend/runtime/config";
import { messageOf } from "@attend/runtime/errors";
import { seq2seqPresets } from "@attend/seq2seq";
import { transformerPresets } from "@attend/transformer";
import { z } from "zod";
import { languageTag } from "./language.ts";

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
export const modelConfigSchema = z.strictObject({
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
export const presetSchema = networkSchema.transform(({ preset, ...given }, { addIssue }) => {
  if (preset === undefined) return networkSchema.parse(given);
  const known: Readonly<Record<string, object>> = presets[given.kind];
  const found = typeof preset === "string" ? known[preset] : undefined;
  if (found === undefined) {
    const message = `is none of ${Object.keys(known).join(", ")}`;
    addIssue({ code: "custom", path: ["preset"], message });
  }
  return networkSchema.parse({ ...found, ...given });
});

export const vocabularySchema = z.strictObject({
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

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG naming each wrong key */
export async function readModelConfig(file: string): Promise<TranslationModelConfig> {
  return parseConfig(modelConfigSchema, await readJson(file), file);
}
