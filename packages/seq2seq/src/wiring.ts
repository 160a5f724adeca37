import type { Seq2seqConfig } from "./config.ts";
import { readoutSizeOf } from "./config.ts";

/** How a decoder's layers, its attention and what is fed into the next step hang together. */
export interface Wiring {
  /** The state before a step looks, and what it sees goes into the step (Bahdanau et al. 2015). */
  readonly looksBefore: boolean;
  /** The layer whose output looks; what it sees goes into those above it. -1: none. */
  readonly lookAfter: number;
  /** The first layer with a residual connection. */
  readonly residualFrom: number;
  /** What goes from a step into the next one, beside states. */
  readonly feeds: "features" | "context" | undefined;
  /** Size of that. */
  readonly feedSize: number;
  /** Of each layer. */
  readonly inputSizes: readonly number[];
  /** Size of the context that the readout reads, 0 where there is none. */
  readonly contextSize: number;
}

/** @param memorySize of each position of the source, and of its summary */
export function wiringOf(config: Seq2seqConfig, memorySize: number): Wiring {
  const { decoder, attention, hiddenSize, embeddingSize } = config;
  const { kind, inputFeeding } = attention;
  const feeds = !inputFeeding ? undefined : kind === "luong" ? "features" : "context";
  const feedSize = feeds === "features" ? readoutSizeOf(config) : memorySize;
  const intoFirst =
    (kind === "bahdanau" || decoder.summaryEveryStep ? memorySize : 0) + (feeds ? feedSize : 0);
  const intoOthers = kind === "gnmt" ? memorySize : 0;
  return {
    looksBefore: kind === "bahdanau",
    lookAfter: kind === "gnmt" ? 0 : kind === "luong" ? decoder.layers - 1 : -1,
    // In GNMT's decoder the third, as in its encoder.
    residualFrom: !decoder.residual ? decoder.layers : kind === "gnmt" ? 2 : 1,
    feeds,
    feedSize,
    inputSizes: Array.from({ length: decoder.layers }, (_, i) =>
      i === 0 ? embeddingSize + intoFirst : hiddenSize + intoOthers,
    ),
    contextSize: kind !== "none" || decoder.summaryEveryStep ? memorySize : 0,
  };
}
