import { createEfficientNetLite, type EfficientNetLite } from "@attend/cnn-encoder";
import { Module } from "@attend/nn";
import { type AttentionDecoder, createAttentionDecoder } from "@attend/rnn-decoder";
import type { Random } from "@attend/runtime";
import type { CaptionerConfig } from "./config.ts";

/** A caption is never empty; an untrained model would otherwise end it right away. */
export const minLength = 1;

/** Image encoder and caption decoder. */
export class CaptioningNetwork extends Module {
  readonly encoder: EfficientNetLite;
  readonly decoder: AttentionDecoder;

  /** @param random initializes the decoder; all other weights are zero, to be loaded later */
  constructor(config: CaptionerConfig, vocabularySize: number, random?: Random) {
    super();
    this.encoder = createEfficientNetLite({ variant: config.encoder.variant });
    this.decoder = createAttentionDecoder(
      { ...config.decoder, vocabularySize, memorySize: this.encoder.channels },
      random,
    );
  }
}
