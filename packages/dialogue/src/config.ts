import { recurrentConfigSchema } from "@attend/recurrent";
import { type Seq2seqPreset, seq2seqNetworkSchema } from "@attend/seq2seq";
import { z } from "zod";

const size = z.number().int().positive();

/** A bidirectional GRU reads words, and a GRU that sees the summary in each step attends to them and replies. */
export const dialoguePreset = {
  tiedEmbeddings: "all",
  embeddingSize: 256,
  hiddenSize: 256,
  encoder: { cell: "gru", bidirectional: "all" },
  decoder: { cell: "gru", start: "summary", summaryEveryStep: true },
  attention: { kind: "luong", score: "scaled-dot" },
  readout: "tanh",
  dropout: 0.2,
} as const satisfies Seq2seqPreset;

/** Configuration of a dialogue network without what its vocabulary determines; plain JSON. */
export const dialogueNetworkSchema = z
  .strictObject({
    /**
     * "hierarchical": words are read turn by turn, and the turns by a second network (Serban et al. 2016). "plain": the
     * last turns are read as one sequence.
     */
    kind: z.enum(["hierarchical", "plain"]).default("hierarchical"),
    /** The latest turns whose words the decoder attends to; the plain network knows no others. */
    turns: size.default(3),
    /** The network over the turns, if hierarchical. Its units are those of the words' summary. */
    context: z
      .strictObject({
        cell: recurrentConfigSchema.shape.cell.default("gru"),
        layers: size.default(1),
      })
      .prefault({}),
    /** Words, decoder and attention. */
    network: seq2seqNetworkSchema.prefault(dialoguePreset),
  })
  .superRefine(({ kind, network: { encoder, decoder } }, context) => {
    if (kind === "plain") return;
    const fault = (path: string[], message: string) =>
      context.addIssue({ code: "custom", path: ["network", ...path], message });
    if (decoder.start === "copy") {
      fault(
        ["decoder", "start"],
        '"copy" requires the kind "plain"; a hierarchical network starts from the context, "summary"',
      );
    }
    if (encoder.reverse) fault(["encoder", "reverse"], 'requires the kind "plain"');
  });

/** Configuration of a dialogue network; plain JSON. */
export const dialogueConfigSchema = dialogueNetworkSchema.safeExtend({
  /** Of all turns, heard and said. */
  vocabularySize: z.number().int().min(2),
  /** The token that ends a turn, heard or said. */
  end: z.number().int().nonnegative(),
});

/** Configuration of a dialogue network with all defaults. */
export type DialogueConfig = z.output<typeof dialogueConfigSchema>;
/** Configuration of a dialogue network; fields with a default may be omitted. */
export type DialogueConfigInput = z.input<typeof dialogueConfigSchema>;
