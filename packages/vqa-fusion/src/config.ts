import { z } from "zod";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);
const size = count.default(256);

const sentenceSchema = z.strictObject({
  /** Elements of a sentence's vector; 384 are MiniLM's. */
  size: count.default(384),
  /** Of its elements. */
  dropout: rate.default(0),
  /** The share of questions that are learned without it, so that the network answers without it as well. */
  leftOut: rate.default(0),
});

const recurrentQuestionSchema = z.strictObject({
  kind: z.enum(["lstm", "gru"]),
  /** Units of each layer. */
  size,
  layers: count.default(1),
  /** Of each layer's input, the same features at all steps. */
  dropout: rate.default(0),
  /** The question as one vector: the last output, or the last states of all layers (Antol et al. 2015). */
  summary: z.enum(["output", "states"]).default("output"),
  /** The question as a sentence, as an encoder of sentences knows it: added to its vector. */
  sentence: sentenceSchema.optional(),
});

const bagOfWordsSchema = z.strictObject({
  kind: z.literal("bag-of-words"),
  /** Of the words' vectors. */
  dropout: rate.default(0),
});

const selfAttention = {
  /** Even, and divided by the number of heads. */
  size: size.refine((value) => value % 2 === 0, "must be even"),
  heads: count.default(4),
  layers: count.default(2),
  feedForwardSize: count.default(512),
  /** Of the input, and of the output of each sublayer. */
  dropout: rate.default(0),
  attentionDropout: rate.default(0),
};
const headsDivide = (config: { size: number; heads: number }) => config.size % config.heads === 0;
const undivided = { message: "the heads do not divide the size", path: ["heads"] };

const transformerQuestionSchema = z
  .strictObject({ kind: z.literal("transformer"), ...selfAttention })
  .refine(headsDivide, undivided);

const questionSchema = z.discriminatedUnion("kind", [
  recurrentQuestionSchema,
  bagOfWordsSchema,
  transformerQuestionSchema,
]);

const shared = {
  vocabularySize: z.number().int().min(2),
  /** Size of a word's vector. */
  embeddingSize: count.default(256),
  /** Channels of the image's map. */
  channels: count,
  /** Of the image's channels, the same at all positions: against overfitting if its features are fixed. */
  imageDropout: rate.default(0),
};
const anyQuestion = { ...shared, question: questionSchema.prefault({ kind: "gru" }) };

/** The image is not looked at; its settings have no effect. */
const blindSchema = z.strictObject({ kind: z.literal("blind"), ...anyQuestion });

/** The image is part of what the question's network reads. */
const readByNetwork = <const Kind extends string>(kind: Kind) =>
  z.strictObject({
    kind: z.literal(kind),
    ...shared,
    question: recurrentQuestionSchema.prefault({ kind: "lstm" }),
  });

const concatenationSchema = z.strictObject({
  kind: z.literal("concatenation"),
  ...anyQuestion,
  size,
});

const productSchema = z.strictObject({
  kind: z.literal("product"),
  ...anyQuestion,
  size,
  /** Whether the image's vector is scaled to length 1: "norm I". */
  normalize: z.boolean().default(true),
});

const stackedSchema = z.strictObject({
  kind: z.literal("stacked"),
  ...anyQuestion,
  hops: count.default(2),
  /** Size of the space in which a hop compares question and regions. */
  attentionSize: size,
});

const coAttentionSchema = z.strictObject({
  kind: z.literal("co-attention"),
  ...shared,
  /** The network that reads the phrases. */
  cell: z.enum(["lstm", "gru"]).default("lstm"),
  /** Size of words, phrases, regions and joint vector. */
  size,
  attentionSize: size,
  /** Of words, regions, and what each level found. */
  dropout: rate.default(0),
});

const gatedSchema = z.strictObject({
  kind: z.literal("gated"),
  ...anyQuestion,
  size,
  attentionSize: size,
});

const lowRankBilinearSchema = z.strictObject({
  kind: z.literal("low-rank-bilinear"),
  ...anyQuestion,
  size,
  /** How often the question looks at the image, each time differently. */
  glimpses: count.default(2),
});

const wordGuidedSchema = z.strictObject({
  kind: z.literal("word-guided"),
  ...anyQuestion,
  size,
  /** How often the question looks at the image, besides the look for its words. */
  glimpses: count.default(1),
  /** The words that regions are scored for: their ids in the vocabulary. */
  words: z.array(z.number().int().nonnegative()).min(1).readonly(),
});

const filmSchema = z.strictObject({
  kind: z.literal("film"),
  ...anyQuestion,
  /** Channels of each block. */
  size: count.default(128),
  blocks: count.default(2),
});

const crossModalSchema = z
  .strictObject({ kind: z.literal("cross-modal"), ...shared, ...selfAttention })
  .refine(headsDivide, undivided);

/** Configuration of a {@link Fusion}; plain JSON. */
export const fusionConfigSchema = z.discriminatedUnion("kind", [
  blindSchema,
  readByNetwork("initial-state"),
  readByNetwork("first-word"),
  readByNetwork("last-word"),
  concatenationSchema,
  productSchema,
  stackedSchema,
  coAttentionSchema,
  gatedSchema,
  lowRankBilinearSchema,
  wordGuidedSchema,
  filmSchema,
  crossModalSchema,
]);

/** Configuration of a {@link Fusion} with all defaults. */
export type FusionConfig = z.output<typeof fusionConfigSchema>;
/** Configuration of a {@link Fusion}; fields with a default may be omitted. */
export type FusionConfigInput = z.input<typeof fusionConfigSchema>;
/** The configuration of one kind of fusion. */
export type ConfigOf<Kind extends FusionConfig["kind"]> = Extract<FusionConfig, { kind: Kind }>;

export type SentenceConfig = z.output<typeof sentenceSchema>;
export type QuestionConfig = z.output<typeof questionSchema>;
export type RecurrentQuestionConfig = z.output<typeof recurrentQuestionSchema>;
export type BagOfWordsConfig = z.output<typeof bagOfWordsSchema>;
export type TransformerQuestionConfig = z.output<typeof transformerQuestionSchema>;
export type SelfAttentionConfig = Omit<TransformerQuestionConfig, "kind">;

/** How the fusion reads questions as sentences; undefined if it does not. */
export function sentenceOf(config: FusionConfig): SentenceConfig | undefined {
  if (!("question" in config) || !("sentence" in config.question)) return undefined;
  return config.question.sentence;
}
