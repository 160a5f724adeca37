import { convS2SNetworkSchema, convS2SPresets } from "@attend/convs2s";
import { messageOf } from "@attend/runtime/errors";
import { seq2seqNetworkSchema, seq2seqPresets } from "@attend/seq2seq";
import { transformerNetworkSchema, transformerPresets } from "@attend/transformer";
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

/** A network: of which kind, and how its package builds it. */
export const networkSchema = z.discriminatedUnion("kind", [
  transformerNetworkSchema.safeExtend({ kind: z.literal("transformer") }),
  seq2seqNetworkSchema.safeExtend({ kind: z.literal("seq2seq") }),
  convS2SNetworkSchema.extend({ kind: z.literal("convs2s") }),
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

/** A translation model's configuration with every default filled in. */
export type TranslationModelConfig = z.output<typeof modelConfigSchema>;

const presets = {
  transformer: transformerPresets,
  seq2seq: seq2seqPresets,
  convs2s: convS2SPresets,
} as const satisfies Record<NetworkConfig["kind"], object>;

/** A network's keys may lie on those of a preset. */
export const presetSchema = z
  .looseObject({ preset: z.string().optional() })
  .transform(({ preset, ...given }, { addIssue }) => {
    const named = Object.entries(presets).find(([kind]) => kind === given["kind"])?.[1];
    if (preset === undefined || named === undefined) return given;
    const found = Object.entries(named).find(([name]) => name === preset)?.[1];
    if (found !== undefined) return { ...found, ...given };
    const message = `is none of ${Object.keys(named).join(", ")}`;
    addIssue({ code: "custom", path: ["preset"], message });
    return z.NEVER;
  })
  .pipe(networkSchema);

/** How the vocabularies of a model are learned. */
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

/** How vocabularies are learned, with every default filled in. */
export type VocabularyConfig = z.output<typeof vocabularySchema>;
