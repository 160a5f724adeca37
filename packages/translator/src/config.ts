import { convS2SNetworkSchema, convS2SPresets } from "@attend/convs2s";
import { messageOf } from "@attend/runtime/errors";
import { seq2seqNetworkSchema, seq2seqPresets } from "@attend/seq2seq";
import { transformerNetworkSchema, transformerPresets } from "@attend/transformer";
import { z } from "zod";
import { languageTag } from "./language.ts";

const count = z.number().int().positive();
const nonNegative = z.number().min(0);
const language = z.string().transform((tag, { addIssue }) => {
  try {
    return languageTag(tag);
  } catch (thrown) {
    addIssue({ code: "custom", message: messageOf(thrown) });
    return z.NEVER;
  }
});

/** Configuration of a network of any `kind`. */
export const networkSchema = z.discriminatedUnion("kind", [
  transformerNetworkSchema.safeExtend({ kind: z.literal("transformer") }),
  seq2seqNetworkSchema.safeExtend({ kind: z.literal("seq2seq") }),
  convS2SNetworkSchema.extend({ kind: z.literal("convs2s") }),
]);

/** Configuration of a network of any kind. */
export type NetworkConfig = z.output<typeof networkSchema>;

const decodingSchema = z.strictObject({
  beamWidth: count.default(5),
  /** GNMT's alpha; see `BeamOptions`. */
  lengthPenalty: nonNegative.default(0.6),
  /** GNMT's beta. */
  coveragePenalty: nonNegative.default(0),
  /** No n-gram of this size occurs twice in a sentence; 0: no limit. */
  noRepeatNgram: z.number().int().nonnegative().default(3),
  earlyStop: z.boolean().default(true),
});

/** Configuration of a translation model, the content of its config.json. */
export const modelConfigSchema = z.strictObject({
  from: language,
  to: language,
  network: networkSchema,
  decoding: decodingSchema.prefault({}),
  /** Maximum length of a source, including the end token; longer sentences are split. */
  maxTokens: count.default(100),
  /** A one-line description of the model. */
  about: z.string().optional(),
  /** A translation with a lower mean log-probability per token (including the end) is unreliable. */
  confidence: z.number().max(0).optional(),
});

/** Configuration of a translation model with all defaults. */
export type TranslationModelConfig = z.output<typeof modelConfigSchema>;

const presets = {
  transformer: transformerPresets,
  seq2seq: seq2seqPresets,
  convs2s: convS2SPresets,
} as const satisfies Record<NetworkConfig["kind"], object>;

/** A network with an optional `preset`, whose keys can be overridden. */
export const presetSchema = z
  .looseObject({ preset: z.string().optional() })
  .transform(({ preset, ...overrides }, { addIssue }) => {
    const ofKind = Object.entries(presets).find(([kind]) => kind === overrides["kind"])?.[1];
    if (preset === undefined || ofKind === undefined) return overrides;
    const found = Object.entries(ofKind).find(([name]) => name === preset)?.[1];
    if (found !== undefined) return { ...found, ...overrides };
    const message = `must be one of ${Object.keys(ofKind).join(", ")}`;
    addIssue({ code: "custom", path: ["preset"], message });
    return z.NEVER;
  })
  .pipe(networkSchema);

/** Configuration of the vocabularies of a model. */
export const vocabularySchema = z.strictObject({
  kind: z.enum(["bpe", "unigram"]).default("bpe"),
  /** Tokens, including 256 bytes and three special ones. Default: what fits the pairs, at most 8,000. */
  size: count.optional(),
  /** One vocabulary for both languages; if false, one each, of this size. */
  shared: z.boolean().default(true),
  minCount: count.default(1),
  /** The fraction of the text that the kept characters cover; 0.9995 for Chinese and Japanese. */
  coverage: z.number().gt(0).max(1).default(1),
  normalization: z.enum(["none", "nfc", "nfkc"]).default("nfkc"),
  lowerCase: z.boolean().default(false),
});

/** Configuration of {@link learnTokenizers} with all defaults. */
export type VocabularyConfig = z.output<typeof vocabularySchema>;
