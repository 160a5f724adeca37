import { attentionScopes, scoreNames } from "@attend/attention";
import { z } from "zod";

const size = z.number().int().positive();
const rate = z.number().min(0).max(0.95).default(0);
const cell = z.enum([
  "rnn",
  "rnn-relu",
  "lstm",
  "lstm-peephole",
  "lstm-coupled",
  "lstm-layer-norm",
  "gru",
  "gru-reset-before",
]);

const encoderSchema = z.strictObject({
  cell: cell.default("lstm"),
  layers: size.default(1),
  /** "first": only the lowest layer is bidirectional (Wu et al. 2016, figure 1). */
  bidirectional: z.enum(["none", "first", "all"]).default("none"),
  /** Residual connections from the second layer on, between equal sizes. */
  residual: z.boolean().default(false),
  /** Reverses each source (Sutskever et al. 2014, section 3.3). */
  reverse: z.boolean().default(false),
});

const decoderSchema = z.strictObject({
  cell: cell.default("lstm"),
  layers: size.default(1),
  /** Like the encoder's; with attention "gnmt" from the third layer on (Wu et al. 2016, section 3.1). */
  residual: z.boolean().default(false),
  /**
   * The initial state: zeros; a layer of the source's summary, `tanh(W s + b)` (Bahdanau et al. 2015,
   * A.2.2); or the encoder's last states by layer, the backward ones of a bidirectional layer.
   */
  start: z.enum(["zero", "summary", "copy"]).default("summary"),
  /** The source's summary is also an input of each step (Cho et al. 2014, section 2.2). */
  summaryEveryStep: z.boolean().default(false),
});

const attentionSchema = z.strictObject({
  /**
   * "bahdanau": the query is the previous state, and the context an input of the step (Bahdanau et al.
   * 2015). "luong": the query is the new state, and the context an input of the readout (Luong et al.
   * 2015). "gnmt": the query is the output of the lowest layer, and the context an input of all layers
   * above (Wu et al. 2016).
   */
  kind: z.enum(["none", "bahdanau", "luong", "gnmt"]).default("none"),
  score: z.enum(scoreNames).default("additive"),
  scope: z.enum(attentionScopes).default("global"),
  /** D of the local scopes, in positions. */
  window: size.default(10),
  /** Size of the projections of query and memory. Default: hiddenSize. */
  size: size.optional(),
  /**
   * Feeds the readout ("luong"; Luong et al. 2015, section 3.3) or the context ("gnmt") into the next
   * step. Steps then run one by one, even in training.
   */
  inputFeeding: z.boolean().default(false),
  /** Scores depend on the sum of the previous weights (See et al. 2017). */
  coverage: z.boolean().default(false),
});

/** Configuration of a `Seq2seq` without the vocabulary sizes; plain JSON. */
export const seq2seqNetworkSchema = z
  .strictObject({
    /** "output": output and target share one table (Press & Wolf 2017); "all": also the source. */
    tiedEmbeddings: z.enum(["none", "output", "all"]).default("none"),
    embeddingSize: size.default(256),
    /** Units of each layer and direction. */
    hiddenSize: size.default(256),
    encoder: encoderSchema.prefault({}),
    decoder: decoderSchema.prefault({}),
    attention: attentionSchema.prefault({}),
    /**
     * The features that are projected to the vocabulary: the highest layer; `tanh(W [state; context])`
     * (Luong et al. 2015, eq. 5); or maxout of state, context and last word (Bahdanau et al. 2015,
     * A.2.2).
     */
    readout: z.enum(["state", "tanh", "maxout"]).default("tanh"),
    /** Default: embeddingSize with tied embeddings, otherwise hiddenSize. */
    readoutSize: size.optional(),
    /** Of the input of each layer, with the same mask at all steps, and of the readout. */
    dropout: rate,
    /** Of entire words (Gal & Ghahramani 2016; Sennrich et al. 2016, WMT), on both sides. */
    embeddingDropout: rate,
  })
  .superRefine((config, context) => {
    const { encoder, decoder, attention } = config;
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: path.split("."), message });
    if (
      decoder.start === "copy" &&
      (encoder.cell !== decoder.cell || encoder.layers !== decoder.layers)
    ) {
      fault("decoder.start", '"copy" requires the cell and the number of layers of the encoder');
    }
    if (decoder.start === "zero" && attention.kind === "none" && !decoder.summaryEveryStep) {
      fault(
        "decoder.start",
        '"zero" requires attention or summaryEveryStep; the decoder would ignore the source',
      );
    }
    if (attention.inputFeeding && attention.kind !== "luong" && attention.kind !== "gnmt") {
      fault("attention.inputFeeding", 'requires attention.kind "luong" or "gnmt"');
    }
    if (attention.kind === "gnmt" && decoder.layers < 2) {
      fault(
        "decoder.layers",
        'attention.kind "gnmt" requires at least 2 layers; the context is an input of those above the first',
      );
    }
    if (attention.kind === "luong" && config.readout === "state") {
      fault(
        "readout",
        'attention.kind "luong" requires "tanh" or "maxout"; "state" would ignore the context',
      );
    }
    const additive = attention.score === "additive" || attention.score === "concat";
    if (attention.coverage && !(additive && attention.scope === "global")) {
      fault("attention.coverage", 'requires the score "additive" and the scope "global"');
    }
    const readsBothWays =
      encoder.bidirectional === "all" ||
      (encoder.bidirectional === "first" && encoder.layers === 1);
    if (attention.kind !== "none" && attention.score === "plain-dot" && readsBothWays) {
      fault(
        "attention.score",
        '"plain-dot" requires an encoder whose last layer is not bidirectional; use "general"',
      );
    }
    if (config.readout === "state" && config.readoutSize !== undefined) {
      fault("readoutSize", 'requires the readout "tanh" or "maxout"');
    }
    if (config.tiedEmbeddings !== "none" && readoutSizeOf(config) !== config.embeddingSize) {
      fault(
        "tiedEmbeddings",
        'require a readoutSize (with the readout "state": a hiddenSize) equal to embeddingSize',
      );
    }
  });

/** Configuration of a `Seq2seq`; plain JSON. */
export const seq2seqConfigSchema = seq2seqNetworkSchema
  .safeExtend({
    sourceVocabularySize: z.number().int().min(2),
    targetVocabularySize: z.number().int().min(2),
  })
  .refine(
    ({ tiedEmbeddings, sourceVocabularySize: source, targetVocabularySize: target }) =>
      tiedEmbeddings !== "all" || source === target,
    {
      message: '"all" requires a shared vocabulary: equal vocabulary sizes',
      path: ["tiedEmbeddings"],
    },
  );

/** Configuration of a {@link Seq2seq} with all defaults. */
export type Seq2seqConfig = z.output<typeof seq2seqConfigSchema>;
/** Configuration of a {@link Seq2seq}; fields with a default may be omitted. */
export type Seq2seqConfigInput = z.input<typeof seq2seqConfigSchema>;
/** A configuration without the vocabulary sizes. */
export type Seq2seqPreset = z.input<typeof seq2seqNetworkSchema>;

/** Size of the features that are projected to the vocabulary. */
export function readoutSizeOf(
  config: Pick<
    Seq2seqConfig,
    "readout" | "readoutSize" | "tiedEmbeddings" | "embeddingSize" | "hiddenSize"
  >,
): number {
  if (config.readout === "state") return config.hiddenSize;
  const { readoutSize, tiedEmbeddings, hiddenSize, embeddingSize } = config;
  return readoutSize ?? (tiedEmbeddings === "none" ? hiddenSize : embeddingSize);
}
