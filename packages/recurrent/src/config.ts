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
  /** Units of each layer. */
  units: size,
  layers: size.default(1),
  connections: z.enum(["plain", "residual", "dense"]).default("plain"),
  /** Variational dropout of each layer's input. */
  dropout: rate,
  /** Variational dropout of the hidden states; in training, steps then run one by one. */
  stateDropout: rate,
  /** With zoneout, steps always run one by one. */
  zoneout: z.strictObject({ h: rate, c: rate }).default({ h: 0, c: 0 }),
};

/** Configuration of a stack of cells. */
export const recurrentConfigSchema = z.strictObject(shared);

/** Configuration of an encoder: a stack of cells or bidirectional layers that reads entire sequences. */
export const encoderConfigSchema = z
  .strictObject({
    ...shared,
    /** "first": only the lowest layer is bidirectional (Wu et al. 2016, figure 1). */
    bidirectional: z.enum(["none", "first", "all"]).default("none"),
    merge: z.enum(["concatenate", "sum", "average"]).default("concatenate"),
    /** Number of steps that each layer after the first merges into one (a pyramid, Chan et al. 2016). */
    timeReduction: size.default(1),
  })
  .refine(({ connections, timeReduction }) => connections !== "dense" || timeReduction === 1, {
    message: "dense connections require layers with equal numbers of steps; omit timeReduction",
    path: ["timeReduction"],
  });

/** Configuration of a stack with all defaults. */
export type RecurrentConfig = z.output<typeof recurrentConfigSchema>;
/** Configuration of a stack; fields with a default may be omitted. */
export type RecurrentConfigInput = z.input<typeof recurrentConfigSchema>;
/** Configuration of an encoder; fields with a default may be omitted. */
export type EncoderConfigInput = z.input<typeof encoderConfigSchema>;
