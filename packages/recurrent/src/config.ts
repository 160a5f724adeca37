import { z } from "zod";

const size = z.number().int().positive();
const rate = z.number().min(0).lt(1).default(0);

const shared = {
  /** The kind of cell; `gru` resets after the product (cuDNN, PyTorch), `gru-reset-before` before it. */
  cell: z.enum([
    "rnn",
    "rnn-relu",
    "lstm",
    "lstm-peephole",
    "lstm-coupled",
    "lstm-layer-norm",
    "gru",
    "gru-reset-before",
  ]),
  inputSize: size,
  /** Of every layer. */
  units: size,
  layers: size.default(1),
  connections: z.enum(["plain", "residual", "dense"]).default("plain"),
  /** Variational dropout of every layer's input. */
  dropout: rate,
  /** Variational dropout of the hidden states; steps run one by one then, in training. */
  stateDropout: rate,
  /** Steps always run one by one with it. */
  zoneout: z.strictObject({ h: rate, c: rate }).default({ h: 0, c: 0 }),
};

/** A stack of cells. */
export const recurrentConfigSchema = z.strictObject(shared);

/** A stack of cells that reads a whole sequence, perhaps in both directions. */
export const encoderConfigSchema = z
  .strictObject({
    ...shared,
    /** "first": only the lowest layer reads in both directions (Wu et al. 2016, figure 1). */
    bidirectional: z.enum(["none", "first", "all"]).default("none"),
    merge: z.enum(["concatenate", "sum", "average"]).default("concatenate"),
    /** Steps that each layer but the first takes as one (a pyramid, Chan et al. 2016). */
    timeReduction: size.default(1),
  })
  .refine(({ connections, timeReduction }) => connections !== "dense" || timeReduction === 1, {
    message: "dense connections join layers of equally many steps; leave out timeReduction",
    path: ["timeReduction"],
  });

/** What {@link recurrentConfigSchema} gives, with every default filled in. */
export type RecurrentConfig = z.output<typeof recurrentConfigSchema>;
/** A stack's configuration as it is written: what has a default may be absent. */
export type RecurrentConfigInput = z.input<typeof recurrentConfigSchema>;
/** An encoder's configuration as it is written: what has a default may be absent. */
export type EncoderConfigInput = z.input<typeof encoderConfigSchema>;
