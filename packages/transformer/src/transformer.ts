import type { EncoderDecoder, SourceBatch } from "@attend/decoding";
import {
  dropout,
  LayerNorm,
  Linear,
  Module,
  type Parameter,
  parameter,
  ScaledEmbedding,
} from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import {
  type TransformerConfig,
  type TransformerConfigInput,
  transformerConfigSchema,
} from "./config.ts";
import { type DecoderLayers, forwardLayers, stepLayers, stepsOf } from "./decoder-layers.ts";
import { DecoderLayer, EncoderLayer } from "./layers.ts";
import { createPositions, type Positions } from "./positions.ts";
import { type EncodedSource, reorderState, startState, type TransformerState } from "./state.ts";

/** The Transformer (Vaswani et al. 2017). */
export class Transformer extends Module implements EncoderDecoder<EncodedSource, TransformerState> {
  readonly config: TransformerConfig;
  readonly source: ScaledEmbedding;
  readonly target: ScaledEmbedding | undefined;
  /** `[size, vocabulary]`, if the output does not share a table. */
  readonly output: Linear | undefined;
  readonly positions: Positions;
  readonly encoder: readonly EncoderLayer[];
  readonly decoder: readonly DecoderLayer[];
  /** After the last layer, with `norm: "pre"`. */
  readonly encoderNorm: LayerNorm | undefined;
  readonly decoderNorm: LayerNorm | undefined;
  /** `[vocabulary]`, if the output shares a table. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  /** @param random initializes the weights; without it they are zero, to be loaded */
  constructor(config: TransformerConfig, random?: Random) {
    super();
    this.config = config;
    const { size, sourceVocabularySize, targetVocabularySize, tied, norm } = config;
    this.source = new ScaledEmbedding(sourceVocabularySize, size, random);
    this.target =
      tied === "all" ? undefined : new ScaledEmbedding(targetVocabularySize, size, random);
    this.output = tied === "none" ? new Linear(size, targetVocabularySize, random) : undefined;
    this.positions = createPositions(config, random);
    const layers = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
    this.encoder = layers(config.encoderLayers, () => new EncoderLayer(config, random));
    this.decoder = layers(config.decoderLayers, () => new DecoderLayer(config, random));
    this.encoderNorm = norm === "pre" ? new LayerNorm(size) : undefined;
    this.decoderNorm = norm === "pre" ? new LayerNorm(size) : undefined;
    this.outputBias =
      tied === "none" ? undefined : parameter(tf.zeros<tf.Rank.R1>([targetVocabularySize]));
  }

  /** Number of tokens in the target vocabulary. */
  get vocabularySize(): number {
    return this.config.targetVocabularySize;
  }

  encode(
    { tokens, lengths }: SourceBatch,
    options?: { random?: Random | undefined },
  ): EncodedSource {
    const random = options?.random;
    return tf.tidy(() => {
      const counts = tf.tensor1d([...lengths], "int32");
      let memory = this.#embed(this.source, tokens, 0, random);
      for (const layer of this.encoder) {
        memory = layer.forward(memory, counts, { positions: this.positions, random }).output;
      }
      return { memory: this.encoderNorm?.forward(memory) ?? memory, lengths: counts };
    });
  }

  start({ memory, lengths }: EncodedSource): TransformerState {
    return tf.tidy(() => {
      const sources = this.decoder.map((layer) => layer.cross.project(memory));
      return startState(sources, tf.clone(lengths));
    });
  }

  step(tokens: tf.Tensor1D, state: TransformerState) {
    return tf.tidy(() => {
      const words = this.#targetTable.forward(tokens) as tf.Tensor2D;
      const input = this.positions.add(words, stepsOf(state), 1);
      const { output, ...rest } = stepLayers(this.#layers, input, state);
      return { logits: this.project(this.decoderNorm?.forward(output) ?? output), ...rest };
    });
  }

  features(
    tokens: tf.Tensor2D,
    state: TransformerState,
    options?: { random?: Random | undefined },
  ) {
    const random = options?.random;
    const words = this.#embed(this.#targetTable, tokens, 0, random);
    const { output, ...rest } = forwardLayers(this.#layers, words, state, random);
    return { features: this.decoderNorm?.forward(output) ?? output, ...rest };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.output?.forward(features) ?? this.#targetTable.logits(features, this.outputBias);
  }

  reorder(state: TransformerState, rows: tf.Tensor1D): TransformerState {
    return reorderState(state, rows);
  }

  get #targetTable(): ScaledEmbedding {
    return this.target ?? this.source;
  }

  get #layers(): DecoderLayers {
    // The penultimate layer aligns best (Garg et al. 2019).
    const attending = Math.max(0, this.decoder.length - 2);
    return { layers: this.decoder, positions: this.positions, attending };
  }

  /** `[rows, steps] -> [rows, steps, size]` */
  #embed(table: ScaledEmbedding, tokens: tf.Tensor2D, first: number, random?: Random): tf.Tensor3D {
    const words = table.forward(tokens) as tf.Tensor3D;
    return dropout(this.positions.add(words, first), this.config.dropout, random);
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createTransformer(config: TransformerConfigInput, random?: Random): Transformer {
  return new Transformer(
    parseConfig(transformerConfigSchema, config, "Transformer config"),
    random,
  );
}
