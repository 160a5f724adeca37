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
import { Module, type Parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { createSeq2seq } from "@attend/seq2seq";
import { createTransformer } from "@attend/transformer";
import type { NetworkConfig } from "./config.ts";
import { special, type Vocabularies } from "./vocabulary.ts";

/** A translation network of any kind. */
export abstract class Network extends Module {
  /**
   * Teacher forcing: the cross-entropy of each target token, `[targets]`, and the attention, `[rows, steps, positions]`.
   * Call it inside `tf.tidy`.
   */
  abstract losses(
    source: SourceBatch,
    target: TeacherForcing,
    options?: TokenLossOptions,
  ): { losses: tf.Tensor1D; attention?: tf.Tensor3D };
  /** The translations of each source, best first. */
  abstract translate(source: SourceBatch, options: BeamOptions): Hypothesis[][];
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG if the configuration does not match the vocabularies
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
      return new NetworkOf(createTransformer(withSizes(config), random));
    case "seq2seq":
      return new NetworkOf(createSeq2seq(withSizes(config), random));
    case "convs2s":
      return new NetworkOf(createConvS2S(withSizes(config), random));
  }
}

/** Wraps an encoder-decoder and hides the types of its encoding and state. */
class NetworkOf<
  Encoding extends tf.TensorContainerObject,
  State extends DecoderState,
> extends Network {
  readonly #model: Module & EncoderDecoder<Encoding, State>;

  constructor(model: Module & EncoderDecoder<Encoding, State>) {
    super();
    this.#model = model;
  }

  /** The names of the wrapped model, which are those in a weights file. */
  override namedParameters(): Map<string, Parameter> {
    return this.#model.namedParameters();
  }

  override losses(source: SourceBatch, target: TeacherForcing, options?: TokenLossOptions) {
    const model = this.#model;
    const random = { random: options?.random };
    const state = model.start(model.encode(source, random), random);
    return tokenLosses(model, target, state, options);
  }

  override translate(source: SourceBatch, options: BeamOptions): Hypothesis[][] {
    const encoding = this.#model.encode(source);
    try {
      return beamSearch(this.#model, encoding, special, options);
    } finally {
      tf.dispose(encoding);
    }
  }
}
