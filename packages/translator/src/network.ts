import { createConvS2S } from "@attend/convs2s";
import {
  type BeamOptions,
  beamSearch,
  type DecoderState,
  type EncoderDecoder,
  EncoderDecoderEnsemble,
  type Hypothesis,
  type SealedModel,
  type SourceBatch,
  sealed,
  type TeacherForcing,
  type TokenLossOptions,
  tokenLosses,
} from "@attend/decoding";
import { Module, type Parameter, symmetricDivergence } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { createSeq2seq } from "@attend/seq2seq";
import { createTransformer } from "@attend/transformer";
import type { NetworkConfig } from "./config.ts";
import { special, type Tokenizers } from "./tokenizers.ts";

/** How {@link Network.losses} are computed. */
export interface NetworkLossOptions extends TokenLossOptions {
  /**
   * Predicts each token twice, under different dropout, and adds half of this times how far the two predictions are apart
   * (R-Drop: Liang et al. 2021, eq. 4, divided by 2; there 5). A step takes twice as long. Default 0: predicts once.
   */
  readonly rDrop?: number | undefined;
}

/** A translation network of any kind. */
export class Network extends Module {
  readonly #model: SealedModel;
  readonly #parameters: ReadonlyMap<string, Parameter>;

  private constructor(model: SealedModel, parameters: ReadonlyMap<string, Parameter>) {
    super();
    this.#model = model;
    this.#parameters = parameters;
  }

  static of<Encoding extends tf.TensorContainerObject, State extends DecoderState>(
    model: Module & EncoderDecoder<Encoding, State>,
  ): Network {
    return new Network(sealed(model), model.namedParameters());
  }

  /** Takes over networks with the same vocabularies, which then translate together. */
  static ensemble(networks: readonly Network[]): Network {
    const parameters = networks.flatMap((network, index) =>
      [...network.#parameters].map(([name, value]) => [`${index}.${name}`, value] as const),
    );
    return new Network(
      new EncoderDecoderEnsemble(networks.map((network) => network.#model)),
      new Map(parameters),
    );
  }

  /** The names of the wrapped model, which are those in a weights file. */
  override namedParameters(): Map<string, Parameter> {
    return new Map(this.#parameters);
  }

  /**
   * Teacher forcing: the cross-entropy of each target token, `[targets]`, and the attention, `[rows, steps, positions]`.
   * Call it inside `tf.tidy`.
   */
  losses(
    source: SourceBatch,
    target: TeacherForcing,
    { rDrop = 0, ...options }: NetworkLossOptions = {},
  ): { losses: tf.Tensor1D; attention?: tf.Tensor3D } {
    const pass = () => {
      const { random } = options;
      const state = this.#model.start(this.#model.encode(source, { random }), { random });
      return tokenLosses(this.#model, target, state, options);
    };
    const one = pass();
    if (rDrop === 0) return one;
    const other = pass();
    const mean = tf.div(tf.add(one.losses, other.losses), 2);
    const apart = tf.mul(symmetricDivergence(one.logits, other.logits), rDrop / 2);
    return { ...one, losses: tf.add(mean, apart) };
  }

  /** The translations of each source, best first. */
  translate(source: SourceBatch, options: BeamOptions): Hypothesis[][] {
    const encoding = this.#model.encode(source);
    try {
      return beamSearch(this.#model, encoding, special, options);
    } finally {
      tf.dispose(encoding);
    }
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG if the configuration does not match the vocabularies
 */
export function createNetwork(
  config: NetworkConfig,
  tokenizers: Tokenizers,
  random?: Random,
): Network {
  const withSizes = <Config extends NetworkConfig>({ kind: _, ...rest }: Config) => ({
    ...rest,
    sourceVocabularySize: tokenizers.source.size,
    targetVocabularySize: tokenizers.target.size,
  });
  switch (config.kind) {
    case "transformer":
      return Network.of(createTransformer(withSizes(config), random));
    case "seq2seq":
      return Network.of(createSeq2seq(withSizes(config), random));
    case "convs2s":
      return Network.of(createConvS2S(withSizes(config), random));
  }
}
