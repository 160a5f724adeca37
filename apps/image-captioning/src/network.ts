import { createEfficientNetLite, type EfficientNetLite } from "@attend/cnn-encoder";
import { Module } from "@attend/nn";
import { type AttentionDecoder, createAttentionDecoder } from "@attend/rnn-decoder";
import type { Random } from "@attend/runtime";
import type { CaptionerConfig } from "./config.ts";

/** A caption says something, however unsure its model is: a fresh one would rather end at once. */
export const minLength = 1;

/** Picture encoder and caption decoder. */
export class CaptioningNetwork extends Module {
  readonly encoder: EfficientNetLite;
  readonly decoder: AttentionDecoder;

  /** @param random decides the decoder's first weights; all others are zero, for weights that are loaded */
  constructor(config: CaptionerConfig, vocabularySize: number, random?: Random) {
    super();
    this.encoder = createEfficientNetLite({ variant: config.encoder.variant });
    this.decoder = createAttentionDecoder(
      { ...config.decoder, vocabularySize, memorySize: this.encoder.channels },
      random,
    );
  }
}
