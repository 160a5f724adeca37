import { type EncoderDecoder, gatherRows, type SourceBatch } from "@attend/decoding";
import { dropout, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type ConvS2SConfig, type ConvS2SConfigInput, convS2SConfigSchema } from "./config.ts";
import { ConvEncoder, DecoderLayer, type Source } from "./layers.ts";
import { Words } from "./words.ts";

/** The output of the encoder: see `Source`. A type rather than an interface, so that `tf.tidy` may return it. */
export type ConvEncoding = Pick<Source, "memory" | "lengths">;

/** The state of the decoder between two steps. */
export type ConvState = Source & {
  readonly rows: number;
  /** Number of steps so far. */
  readonly steps: number;
  /** Inputs of each layer at the last `width - 1` steps, the oldest first: `[rows, (width - 1) size]`. */
  readonly history: tf.Tensor2D[];
};

/**
 * Convolutional sequence-to-sequence learning (Gehring et al. 2017): training computes all positions in
 * parallel. Unlike in the paper, weights are not normalized (Salimans & Kingma 2016), because Adam does
 * not need it.
 */
export class ConvS2S extends Module implements EncoderDecoder<ConvEncoding, ConvState> {
  readonly config: ConvS2SConfig;
  readonly source: Words;
  readonly target: Words;
  readonly encoder: ConvEncoder;
  readonly decoderInput: Linear;
  readonly decoder: readonly DecoderLayer[];
  readonly decoderOutput: Linear;
  /** `[embeddingSize, vocabulary]`, if the output does not share a table. */
  readonly output: Linear | undefined;
  /** `[vocabulary]`, if the output shares the target's table. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  /** @param random initializes the weights; without it they are zero, to be loaded */
  constructor(config: ConvS2SConfig, random?: Random) {
    super();
    this.config = config;
    const { embeddingSize: size, maxPositions, decoder, tied } = config;
    const words = (vocabularySize: number) =>
      new Words({ vocabularySize, size, maxPositions }, random);
    this.source = words(config.sourceVocabularySize);
    this.target = words(config.targetVocabularySize);
    this.encoder = new ConvEncoder(config, random);
    this.decoderInput = new Linear(size, decoder.size, random);
    this.decoder = Array.from({ length: decoder.layers }, () => new DecoderLayer(config, random));
    this.decoderOutput = new Linear(decoder.size, size, random);
    this.output = tied ? undefined : new Linear(size, config.targetVocabularySize, random);
    this.outputBias = tied ? parameter(tf.zeros([config.targetVocabularySize])) : undefined;
  }

  /** Number of tokens in the target vocabulary. */
  get vocabularySize(): number {
    return this.config.targetVocabularySize;
  }

  encode(
    { tokens, lengths }: SourceBatch,
    options?: { random?: Random | undefined },
  ): ConvEncoding {
    return tf.tidy(() => {
      const words = this.#drop(this.source.forward(tokens), options?.random);
      const positions = tf.range(0, tokens.shape[1], 1, "int32");
      const counts = tf.tensor1d([...lengths], "int32");
      const mask = tf.cast(tf.less(positions, tf.expandDims(counts, 1)), "float32");
      const keys = this.encoder.forward(words, tf.expandDims(mask, 2), options?.random);
      const values = tf.mul(tf.add(keys, words), Math.SQRT1_2);
      return { memory: tf.concat([keys, values as tf.Tensor3D], 2), lengths: counts };
    });
  }

  start({ memory, lengths }: ConvEncoding): ConvState {
    const { size, width } = this.config.decoder;
    const [rows] = lengths.shape;
    return tf.tidy(() => ({
      rows,
      steps: 0,
      lengths: tf.clone(lengths),
      contextScale: tf.reshape<tf.Rank.R3>(tf.sqrt(tf.cast(lengths, "float32")), [-1, 1, 1]),
      memory: tf.clone(memory),
      history: this.decoder.map(() => tf.zeros<tf.Rank.R2>([rows, (width - 1) * size])),
    }));
  }

  step(tokens: tf.Tensor1D, state: ConvState) {
    return tf.tidy(() => {
      const words = this.target.at(state.steps, tokens);
      let hidden = this.decoderInput.forward(words);
      let attention: tf.Tensor3D | undefined;
      const history = this.decoder.map((layer, index) => {
        const previous = state.history[index];
        if (previous === undefined) throw new RangeError(`no layer ${index}`);
        const stepped = layer.step(previous, hidden, words, state);
        hidden = tf.squeeze(stepped.hidden, [1]);
        attention = stepped.weights;
        return stepped.history;
      });
      const logits = this.project(this.decoderOutput.forward(hidden));
      return {
        logits,
        state: { ...state, steps: state.steps + 1, history },
        ...(attention && { attention: tf.squeeze<tf.Tensor2D>(attention, [1]) }),
      };
    });
  }

  features(tokens: tf.Tensor2D, state: ConvState, options?: { random?: Random | undefined }) {
    const random = options?.random;
    const words = this.#drop(this.target.forward(tokens), random);
    let hidden = this.decoderInput.forward(words);
    let attention: tf.Tensor3D | undefined;
    for (const layer of this.decoder) {
      const forwarded = layer.forward(hidden, words, state, random);
      hidden = forwarded.hidden;
      attention = forwarded.weights;
    }
    const features = this.#drop(this.decoderOutput.forward(hidden), random);
    return { features, ...(attention && { attention }) };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.output?.forward(features) ?? this.target.words.logits(features, this.outputBias);
  }

  reorder(state: ConvState, rows: tf.Tensor1D): ConvState {
    return { ...gatherRows(state, rows), rows: rows.shape[0] };
  }

  #drop<T extends tf.Tensor>(input: T, random: Random | undefined): T {
    return dropout(input, this.config.dropout, random);
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createConvS2S(config: ConvS2SConfigInput, random?: Random): ConvS2S {
  return new ConvS2S(parseConfig(convS2SConfigSchema, config, "ConvS2S config"), random);
}
