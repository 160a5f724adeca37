import {
  appendObjects,
  checkImage,
  type Decoder,
  dropChannels,
  type EncodedImage,
  ObjectCopy,
} from "@attend/decoding";
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
  type CaptionDecoderConfig,
  type CaptionDecoderConfigInput,
  captionDecoderConfigSchema,
} from "./caption-config.ts";
import { type DecoderLayers, forwardLayers, stepLayers, stepsOf } from "./decoder-layers.ts";
import { DecoderLayer, EncoderLayer } from "./layers.ts";
import { createPositions, GridPositions, type Positions } from "./positions.ts";
import { reorderState, startState, type TransformerState } from "./state.ts";

/** The state of a {@link CaptionDecoder}, whose sources are images; rows may share one. */
export type CaptionState = TransformerState & {
  /** `[images, objectWords]` */
  readonly objects?: tf.Tensor2D;
};

/**
 * A Transformer's decoder that generates a caption and attends to the positions of the image's map. The map is projected
 * to the model's size, told its places in the grid, and may be encoded further by self-attention. Input and output
 * share one embedding table (Press & Wolf 2017). The mean of the map, `pooled`, is not used.
 */
export class CaptionDecoder extends Module implements Decoder<EncodedImage, CaptionState> {
  readonly #config: CaptionDecoderConfig;
  readonly embedding: ScaledEmbedding;
  readonly positions: Positions;
  readonly image: Linear;
  readonly grid = new GridPositions();
  readonly encoder: readonly EncoderLayer[];
  readonly imageNorm: LayerNorm;
  readonly decoder: readonly DecoderLayer[];
  /** After the last layer, with `norm: "pre"`. */
  readonly decoderNorm: LayerNorm | undefined;
  readonly copy: ObjectCopy | undefined;
  /** `[vocabulary]` */
  readonly outputBias: Parameter<tf.Rank.R1>;

  /**
   * @param random initializes the weights; without it they are zero, to be loaded
   * @throws AttendError BAD_CONFIG if there are more object words than words
   */
  constructor(config: CaptionDecoderConfig, random?: Random) {
    super();
    this.#config = config;
    const { size, vocabularySize, memorySize, norm } = config;
    this.embedding = new ScaledEmbedding(vocabularySize, size, random);
    this.positions = createPositions(config, random);
    this.image = new Linear(memorySize, size, random);
    const layers = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
    this.encoder = layers(config.encoderLayers, () => new EncoderLayer(config, random));
    this.imageNorm = new LayerNorm(size);
    this.decoder = layers(config.decoderLayers, () => new DecoderLayer(config, random));
    this.decoderNorm = norm === "pre" ? new LayerNorm(size) : undefined;
    this.copy = ObjectCopy.of(config, size, random);
    this.outputBias = parameter(tf.zeros<tf.Rank.R1>([vocabularySize]));
  }

  /** Number of tokens in the vocabulary. */
  get vocabularySize(): number {
    return this.#config.vocabularySize;
  }

  start(encoding: EncodedImage, options?: { random?: Random | undefined }): CaptionState {
    checkImage(encoding, this.#config);
    const random = options?.random;
    const { dropout: rate, memoryDropout } = this.#config;
    return tf.tidy(() => {
      const { map, objects } = dropChannels(encoding, memoryDropout, random);
      const [rows, positions] = map.shape;
      const lengths = tf.fill<tf.Rank.R1>([rows], positions, "int32");
      let image = dropout(this.grid.add(this.image.forward(map)), rate, random);
      for (const layer of this.encoder) {
        image = layer.forward(image, lengths, { positions: this.grid, random }).output;
      }
      const memory = this.imageNorm.forward(image);
      const sources = this.decoder.map((layer) => layer.cross.project(memory));
      // Copied, since the encoding and the state have different owners.
      return { ...startState(sources, lengths), ...(objects && { objects: tf.clone(objects) }) };
    });
  }

  step(tokens: tf.Tensor1D, state: CaptionState) {
    return tf.tidy(() => {
      const words = this.embedding.forward(tokens) as tf.Tensor2D;
      const input = this.positions.add(words, stepsOf(state), 1);
      const { output, ...rest } = stepLayers(this.#layers, input, state);
      return { logits: this.project(this.#finish(output, state)), ...rest };
    });
  }

  features(tokens: tf.Tensor2D, state: CaptionState, options?: { random?: Random | undefined }) {
    const words = this.#embed(tokens, 0, options?.random);
    const { output, ...rest } = forwardLayers(this.#layers, words, state, options?.random);
    return { features: this.#finish(output, state), ...rest };
  }

  /** `[rows, size + objectWords] -> [rows, vocabulary]`; log-probabilities if there are object words. */
  project(features: tf.Tensor2D): tf.Tensor2D {
    const { copy, embedding, outputBias } = this;
    if (copy === undefined) return embedding.logits(features, outputBias);
    return copy.project(features, embedding, outputBias);
  }

  reorder(state: CaptionState, rows: tf.Tensor1D): CaptionState {
    return reorderState(state, rows);
  }

  get #layers(): DecoderLayers {
    const { decoder: layers, positions } = this;
    return { layers, positions, attending: layers.length - 1 };
  }

  /** `[rows, steps] -> [rows, steps, size]` */
  #embed(tokens: tf.Tensor2D, first: number, random: Random | undefined): tf.Tensor3D {
    const words = this.embedding.forward(tokens) as tf.Tensor3D;
    return dropout(this.positions.add(words, first), this.#config.dropout, random);
  }

  /** The features, from the output of the last layer. */
  #finish<T extends tf.Tensor2D | tf.Tensor3D>(output: T, state: CaptionState): T {
    const own = this.decoderNorm?.forward(output) ?? output;
    const { objects, sourceIndices } = state;
    if (objects === undefined) return own;
    return appendObjects(own, sourceIndices ? tf.gather(objects, sourceIndices) : objects);
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createCaptionDecoder(
  config: CaptionDecoderConfigInput,
  random?: Random,
): CaptionDecoder {
  return new CaptionDecoder(
    parseConfig(captionDecoderConfigSchema, config, "decoder config"),
    random,
  );
}
