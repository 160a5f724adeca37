import type { Seq2seqConfig } from "./config.ts";
import { readoutSizeOf } from "./config.ts";

/** How the layers of a decoder, its attention and input feeding are connected. */
export interface Wiring {
  /** The query is the previous state, and the context an input of the step (Bahdanau et al. 2015). */
  readonly attendsBefore: boolean;
  /** The layer whose output is the query; the context is an input of the layers above. -1: none. */
  readonly attentionLayer: number;
  /** The first layer with a residual connection. */
  readonly residualFrom: number;
  /** The result of a step that is an input of the next one. */
  readonly feeds: "features" | "context" | undefined;
  readonly feedSize: number;
  /** Input size of each layer. */
  readonly inputSizes: readonly number[];
  /** Size of the context in the input of the readout, or 0. */
  readonly contextSize: number;
}

/** @param memorySize size of each position of the source, and of its summary */
export function wiringOf(config: Seq2seqConfig, memorySize: number): Wiring {
  const { decoder, attention, hiddenSize, embeddingSize } = config;
  const { kind, inputFeeding } = attention;
  const feeds = !inputFeeding ? undefined : kind === "luong" ? "features" : "context";
  const feedSize = feeds === "features" ? readoutSizeOf(config) : memorySize;
  const intoFirst =
    (kind === "bahdanau" ? memorySize : 0) +
    (feeds ? feedSize : 0) +
    (decoder.summaryEveryStep ? memorySize : 0);
  const intoOthers = kind === "gnmt" ? memorySize : 0;
  return {
    attendsBefore: kind === "bahdanau",
    attentionLayer: kind === "gnmt" ? 0 : kind === "luong" ? decoder.layers - 1 : -1,
    // In GNMT's decoder the third layer, as in its encoder.
    residualFrom: !decoder.residual ? decoder.layers : kind === "gnmt" ? 2 : 1,
    feeds,
    feedSize,
    inputSizes: Array.from({ length: decoder.layers }, (_, i) =>
      i === 0 ? embeddingSize + intoFirst : hiddenSize + intoOthers,
    ),
    contextSize: kind !== "none" || decoder.summaryEveryStep ? memorySize : 0,
  };
}
