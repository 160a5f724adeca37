import { createConvS2S } from "@attend/convs2s";
import {
  type BeamOptions,
  beamSearch,
  type DecoderState,
  type EncoderDecoder,
  type Hypothesis,
  type SourceBatch,
  type TeacherForcing,
  type TokenLossOptions,
  tokenLosses,
} from "@attend/decoding";
import type { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { createSeq2seq } from "@attend/seq2seq";
import { createTransformer } from "@attend/transformer";
import type { NetworkConfig } from "./config.ts";
import { special, type Vocabularies } from "./vocabulary.ts";

/** A network of any kind, as translation sees it. */
export interface Network {
  /** Holds its weights; its owner disposes it. */
  readonly module: Module;
  readonly config: NetworkConfig;
  /** The cross-entropy of each target token under teacher forcing, `[targets]`. Call it inside `tf.tidy`. */
  losses(source: SourceBatch, target: TeacherForcing, options?: TokenLossOptions): tf.Tensor1D;
  /** Each source's translations, best first. */
  translate(source: SourceBatch, options: BeamOptions): Hypothesis[][];
}

/**
 * @param random decides the first weights; without it they are zero, for weights that are loaded
 * @throws AttendError BAD_CONFIG where it does not fit the vocabularies
 */
export function createNetwork(
  config: NetworkConfig,
  vocabularies: Vocabularies,
  random?: Random,
): Network {
  const withSizes = <Config extends NetworkConfig>({ kind: _, ...rest }: Config) => ({
    ...rest,
    sourceVocabularySize: vocabularies.source.size,
    targetVocabularySize: vocabularies.target.size,
  });
  switch (config.kind) {
    case "transformer":
      return networkOf(createTransformer(withSizes(config), random), config);
    case "seq2seq":
      return networkOf(createSeq2seq(withSizes(config), random), config);
    case "convs2s":
      return networkOf(createConvS2S(withSizes(config), random), config);
  }
}

function networkOf<Encoding extends tf.TensorContainerObject, State extends DecoderState>(
  model: Module & EncoderDecoder<Encoding, State>,
  config: NetworkConfig,
): Network {
  return {
    module: model,
    config,
    losses(source, target, options) {
      const random = { random: options?.random };
      const state = model.start(model.encode(source, random), random);
      return tokenLosses(model, target, state, options).losses;
    },
    translate(source, options) {
      const encoding = model.encode(source);
      try {
        return beamSearch(model, encoding, special, options);
      } finally {
        tf.dispose(encoding);
      }
    },
  };
}
