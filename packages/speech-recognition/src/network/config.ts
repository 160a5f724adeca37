import { z } from "zod";

const size = z.number().int().positive();
const rate = z.number().min(0).max(0.95);

/** Configuration of a `Listener`; plain JSON. */
const listenerConfigSchema = z.strictObject({
  /** Channels of each convolution. */
  channels: z.array(size).default([16, 24, 32]),
  /** Units of each LSTM and direction. */
  units: size.default(64),
  /** Bidirectional LSTMs. */
  layers: size.default(2),
  /** Of the input of each LSTM, the same features at all steps, and of the output. */
  dropout: rate.default(0.2),
});

/** Configuration of a `SpeechNetwork`, without what features and labels decide; plain JSON. */
export const networkConfigSchema = z.strictObject({
  listener: listenerConfigSchema.prefault({}),
  /** A decoder that attends to what was heard, besides the labels of each step. */
  speller: z.strictObject({ hiddenSize: size.default(128), dropout: rate.default(0.2) }).optional(),
});

export type ListenerConfig = z.output<typeof listenerConfigSchema>;
export type NetworkConfig = z.output<typeof networkConfigSchema>;
