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
  /** "first": only the lowest layer reads in both directions (Wu et al. 2016, figure 1). */
  bidirectional: z.enum(["none", "first", "all"]).default("none"),
  /** Each layer's input is added to its output from the second on, wherever both are of one size. */
  residual: z.boolean().default(false),
  /** Reads each source from its end (Sutskever et al. 2014, section 3.3). */
  reverse: z.boolean().default(false),
});

const decoderSchema = z.strictObject({
  cell: cell.default("lstm"),
  layers: size.default(1),
  /** As the encoder's; in the wiring "gnmt" from the third layer on (Wu et al. 2016, section 3.1). */
  residual: z.boolean().default(false),
  /**
   * The first state: zeros; a layer made of the source's summary, `tanh(W s + b)` (Bahdanau et al. 2015,
   * A.2.2); or the encoder's last states, layer by layer, of a bidirectional one those backwards.
   */
  start: z.enum(["zero", "summary", "copy"]).default("summary"),
  /** The source's summary goes into every step, too (Cho et al. 2014, section 2.2); without attention. */
  summaryEveryStep: z.boolean().default(false),
});

const attentionSchema = z.strictObject({
  /**
   * How looking is wired in. "bahdanau": the state before a step looks, and what it sees goes into the step
   * (Bahdanau et al. 2015). "luong": the state after the step looks, and what it sees goes into the output
   * (Luong et al. 2015). "gnmt": the lowest layer looks, and what it sees goes into all those above (Wu et
   * al. 2016).
   */
  kind: z.enum(["none", "bahdanau", "luong", "gnmt"]).default("none"),
  score: z.enum(scoreNames).default("additive"),
  scope: z.enum(attentionScopes).default("global"),
  /** D of the local scopes, in positions. */
  window: size.default(10),
  /** Of the space where query and memory meet; default hiddenSize. */
  size: size.optional(),
  /**
   * What was decided goes into the next step: "luong" the output (Luong et al. 2015, section 3.3), "gnmt"
   * what was seen. Steps run one by one then, in training too.
   */
  inputFeeding: z.boolean().default(false),
  /** Each look knows how much every position was looked at (See et al. 2017). */
  coverage: z.boolean().default(false),
});

/** How a `Seq2seq` is built, but for its vocabularies; plain JSON. */
export const seq2seqNetworkSchema = z
  .strictObject({
    /** "output": output and target share one table (Press & Wolf 2017); "all": the source, too. */
    tiedEmbeddings: z.enum(["none", "output", "all"]).default("none"),
    embeddingSize: size.default(256),
    /** Units of every layer, of each direction. */
    hiddenSize: size.default(256),
    encoder: encoderSchema.prefault({}),
    decoder: decoderSchema.prefault({}),
    attention: attentionSchema.prefault({}),
    /**
     * What speaks: the highest layer; `tanh(W [state; context])` (Luong et al. 2015, eq. 5); or the maximum of
     * two layers of state, context and last word (Bahdanau et al. 2015, A.2.2).
     */
    readout: z.enum(["state", "tanh", "maxout"]).default("tanh"),
    /** Default embeddingSize with tied embeddings, else hiddenSize. */
    readoutSize: size.optional(),
    /** Of every layer's input, the same all along a sequence, and of what the readout gives. */
    dropout: rate,
    /** Of whole words (Gal & Ghahramani 2016; Sennrich et al. 2016, WMT), on both sides. */
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
      fault(
        "decoder.start",
        "to copy the encoder's states, cell and layers must be as the encoder's",
      );
    }
    if (decoder.start === "zero" && attention.kind === "none" && !decoder.summaryEveryStep) {
      fault(
        "decoder.start",
        '"zero" without attention or summaryEveryStep: nothing would be heard of the source',
      );
    }
    if (decoder.summaryEveryStep && attention.kind !== "none") {
      fault("decoder.summaryEveryStep", 'goes with attention.kind "none" only');
    }
    if (attention.inputFeeding && attention.kind !== "luong" && attention.kind !== "gnmt") {
      fault("attention.inputFeeding", 'goes with attention.kind "luong" or "gnmt" only');
    }
    if (attention.kind === "gnmt" && decoder.layers < 2) {
      fault(
        "decoder.layers",
        'attention.kind "gnmt" needs 2 layers or more: what is seen goes into those above the first',
      );
    }
    if (attention.kind === "luong" && config.readout === "state") {
      fault(
        "readout",
        'attention.kind "luong" needs "tanh" or "maxout": "state" would not see the context',
      );
    }
    const additive = attention.score === "additive" || attention.score === "concat";
    if (attention.coverage && !(additive && attention.scope === "global")) {
      fault("attention.coverage", 'needs the score "additive" and the scope "global"');
    }
    if (config.readout === "state" && config.readoutSize !== undefined) {
      fault("readoutSize", 'goes with the readout "tanh" or "maxout" only');
    }
    if (config.tiedEmbeddings !== "none" && readoutSizeOf(config) !== config.embeddingSize) {
      fault(
        "tiedEmbeddings",
        'need a readout of embeddingSize (with the readout "state": hiddenSize)',
      );
    }
  });

/** How a `Seq2seq` is built. */
export const seq2seqConfigSchema = seq2seqNetworkSchema
  .safeExtend({
    sourceVocabularySize: z.number().int().min(2),
    targetVocabularySize: z.number().int().min(2),
  })
  .refine(
    ({ tiedEmbeddings, sourceVocabularySize: source, targetVocabularySize: target }) =>
      tiedEmbeddings !== "all" || source === target,
    {
      message: '"all" needs vocabularies of one size: one vocabulary',
      path: ["tiedEmbeddings"],
    },
  );

/** A recurrent encoder-decoder's configuration with every default filled in. */
export type Seq2seqConfig = z.output<typeof seq2seqConfigSchema>;
/**
 * A recurrent encoder-decoder's configuration as it is written: what has a default may be absent.
 */
export type Seq2seqConfigInput = z.input<typeof seq2seqConfigSchema>;
/** A configuration without its vocabularies. */
export type Seq2seqPreset = z.input<typeof seq2seqNetworkSchema>;

/** Size of what is projected to the vocabulary. */
export function readoutSizeOf(
  config: Pick<
    Seq2seqConfig,
    "readout" | "readoutSize" | "tiedEmbeddings" | "embeddingSize" | "hiddenSize"
  >,
): number {
  if (config.readout === "state") return config.hiddenSize;
  const own = config.tiedEmbeddings === "none" ? config.hiddenSize : config.embeddingSize;
  return config.readoutSize ?? own;
}
