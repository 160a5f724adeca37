import { z } from "zod";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

const shared = {
  /** Words of stories and questions, ids from 0. */
  vocabularySize: count,
  /** The answers are classes. */
  answers: count,
  /** Of a story, the latest sentences are read. */
  maxSentences: count.default(50),
};

const recurrent = {
  ...shared,
  /** Size of a word's vector. */
  embeddingSize: count.default(50),
  /** Units of each network; both directions together have twice as many. */
  units: count.default(50),
  /** Of the words' vectors and of what is found. */
  dropout: rate.default(0),
};

const lstmSchema = z.strictObject({ kind: z.literal("lstm"), ...recurrent });
const attentionLstmSchema = z.strictObject({ kind: z.literal("attention-lstm"), ...recurrent });
const hierarchicalSchema = z.strictObject({ kind: z.literal("hierarchical"), ...recurrent });

const memoryNetworkSchema = z
  .strictObject({
    kind: z.literal("memory-network"),
    ...shared,
    /** Size of a sentence's vector, d. */
    size: count.default(20),
    hops: count.default(3),
    /**
     * How hops share their weights (section 2.2): the output of one is the input of the next, which makes a table a hop
     * and one more; or all hops have the same two tables, as in a recurrent network.
     */
    tying: z.enum(["adjacent", "layer-wise"]).default("adjacent"),
    /**
     * The id of each answer as a word: with `adjacent`, the last table scores the answers, too. An answer that is no word
     * of the stories has an id from `vocabularySize` on. Default: each answer has such an id.
     */
    answerWords: z.array(z.number().int().nonnegative()).optional(),
    /** A word counts according to its place in the sentence (section 4.1), rather than only by being there. */
    positionEncoding: z.boolean().default(true),
    /** In training, the rate of empty sentences, so that it is not memorized when something was said (section 4.1). */
    noise: rate.default(0.1),
  })
  .refine(({ answers, answerWords }) => (answerWords?.length ?? answers) === answers, {
    message: "there must be one for each answer",
    path: ["answerWords"],
  });

const queryReductionSchema = z.strictObject({
  kind: z.literal("query-reduction"),
  ...shared,
  /** Size of sentences and queries. */
  size: count.default(50),
  layers: count.default(2),
  /** Of the sentences' vectors. */
  dropout: rate.default(0),
});

const universalTransformerSchema = z
  .strictObject({
    kind: z.literal("universal-transformer"),
    ...shared,
    /** Even; of sentences throughout the network. */
    size: count.multipleOf(2).default(128),
    /** Must divide `size`. */
    heads: count.default(4),
    feedForwardSize: count.default(256),
    /** The most steps that a position takes. */
    maxSteps: count.default(6),
    /** How much a step costs in the loss, tau. */
    stepCost: z.number().nonnegative().default(0.001),
    dropout: rate.default(0.1),
    attentionDropout: rate.default(0.1),
  })
  .refine(({ size, heads }) => size % heads === 0, {
    message: "the heads do not divide the size",
    path: ["heads"],
  });

/** Configuration of a {@link StoryReader}; plain JSON. */
export const readerConfigSchema = z.discriminatedUnion("kind", [
  lstmSchema,
  attentionLstmSchema,
  hierarchicalSchema,
  memoryNetworkSchema,
  queryReductionSchema,
  universalTransformerSchema,
]);

/** Configuration of a {@link StoryReader} with all defaults. */
export type ReaderConfig = z.output<typeof readerConfigSchema>;
/** Configuration of a {@link StoryReader}; fields with a default may be omitted. */
export type ReaderConfigInput = z.input<typeof readerConfigSchema>;
/** The configuration of one kind of reader. */
export type ConfigOf<Kind extends ReaderConfig["kind"]> = Extract<ReaderConfig, { kind: Kind }>;
/** The configuration of the readers with an LSTM. */
export type RecurrentConfig = Omit<ConfigOf<"lstm">, "kind">;
