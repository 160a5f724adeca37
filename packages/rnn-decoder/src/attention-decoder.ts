import { attend, attendShared, createScore, type Score } from "@attend/attention";
import {
  appendObjects,
  checkImage,
  type Decoder,
  dropChannels,
  type EncodedImage,
  gatherRows,
  ObjectCopy,
} from "@attend/decoding";
import { dropout, Embedding, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { eachStep, LstmCell, type LstmCellState, unroll } from "@attend/recurrent";
import { fusedDecoderStep, type Random, takeRows, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import {
  type AttentionDecoderConfig,
  type AttentionDecoderConfigInput,
  attentionDecoderConfigSchema,
} from "./attention-decoder-config.ts";

/** The state of the decoder between two steps. */
export type AttentionState = {
  readonly rows: number;
  /** `[rows, hidden]` each. */
  readonly recurrent: LstmCellState;
  /** State of the language layer, if there is one. */
  readonly language?: LstmCellState;
  /** The image of each row, `[rows]` int32. */
  readonly imageIndices: tf.Tensor1D;
  /** The pooled image, added to every word, `[images, embedding]`. */
  readonly image: tf.Tensor2D;
  /** `[images, positions, ...]` */
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
  /** `[images, objectWords]` */
  readonly objects?: tf.Tensor2D;
};

/**
 * An LSTM that generates a caption and attends to the image at every word. Its initial state is
 * computed from the image; input and output share one embedding table (Press & Wolf 2017).
 */
export class AttentionDecoder extends Module implements Decoder<EncodedImage, AttentionState> {
  readonly #config: AttentionDecoderConfig;
  readonly embedding: Embedding;
  readonly imageMap: Linear;
  readonly imagePooled: Linear;
  readonly initialH: Linear;
  readonly initialC: Linear;
  readonly score: Score;
  readonly gate: Linear | undefined;
  readonly lstm: LstmCell;
  readonly language: LstmCell | undefined;
  readonly combine: Linear;
  readonly copy: ObjectCopy | undefined;
  /** `[vocabulary]` */
  readonly outputBias: Parameter<tf.Rank.R1>;

  constructor(config: AttentionDecoderConfig, random?: Random) {
    super();
    this.#config = config;
    const { embeddingSize, hiddenSize, memorySize, attentionSize, vocabularySize } = config;
    this.embedding = new Embedding(vocabularySize, embeddingSize, random);
    this.imageMap = new Linear(memorySize, hiddenSize, random);
    this.imagePooled = new Linear(memorySize, embeddingSize, random);
    this.initialH = new Linear(memorySize, hiddenSize, random);
    this.initialC = new Linear(memorySize, hiddenSize, random);
    const sizes = { querySize: hiddenSize, memorySize: hiddenSize, size: attentionSize };
    this.score = createScore(config.score, sizes, random);
    this.gate = config.gate ? new Linear(hiddenSize, 1, random) : undefined;
    const inputSize = embeddingSize + (config.placement === "before" ? hiddenSize : 0);
    this.lstm = new LstmCell(inputSize, hiddenSize, random);
    this.language = config.languageLayer
      ? new LstmCell(2 * hiddenSize, hiddenSize, random)
      : undefined;
    this.combine = new Linear(2 * hiddenSize, embeddingSize, random);
    this.copy = ObjectCopy.of(config, embeddingSize, random);
    this.outputBias = parameter(tf.zeros<tf.Rank.R1>([vocabularySize]));
  }

  /** Number of tokens in the vocabulary. */
  get vocabularySize(): number {
    return this.#config.vocabularySize;
  }

  start(encoding: EncodedImage, options?: { random?: Random | undefined }): AttentionState {
    checkImage(encoding, this.#config);
    const { dropout: rate, memoryDropout } = this.#config;
    return tf.tidy(() => {
      const { map, pooled, objects } = dropChannels(encoding, memoryDropout, options?.random);
      const rows = pooled.shape[0];
      const values = dropout(tf.relu(this.imageMap.forward(map)), rate, options?.random);
      return {
        rows,
        recurrent: {
          h: tf.tanh<tf.Tensor2D>(this.initialH.forward(pooled)),
          c: tf.tanh<tf.Tensor2D>(this.initialC.forward(pooled)),
        },
        ...(this.language && { language: this.language.initialState(rows) }),
        image: tf.relu(this.imagePooled.forward(pooled)),
        imageIndices: tf.range(0, rows, 1, "int32"),
        keys: this.score.projectMemory(values),
        values,
        // Copied, since the encoding and the state have different owners.
        ...(objects && { objects: tf.clone(objects) }),
      };
    });
  }

  step(tokens: tf.Tensor1D, state: AttentionState) {
    return tf.tidy(() => {
      const stepped = this.#stepFused(tokens, state) ?? this.#stepComposed(tokens, state);
      const { objects, imageIndices } = state;
      const features =
        objects === undefined
          ? stepped.features
          : appendObjects(stepped.features, tf.gather(objects, imageIndices));
      return {
        logits: this.project(features),
        state: { ...state, ...stepped.state },
        attention: stepped.attention,
      };
    });
  }

  #stepFused(tokens: tf.Tensor1D, state: AttentionState) {
    return this.#config.placement === "before" ? undefined : fusedDecoderStep(tokens, state, this);
  }

  #stepComposed(tokens: tf.Tensor1D, state: AttentionState) {
    const image = takeRows(state.image, state.imageIndices);
    const word = tf.add<tf.Tensor2D>(this.embedding.forward(tokens), image);
    const { hidden, context, weights, recurrent } =
      this.#config.placement === "after"
        ? this.#stepAfter(word, state)
        : this.#stepBefore(word, state);
    const attended: tf.Tensor2D = tf.concat([hidden, context], 1);
    const language = state.language && this.language?.step(attended, state.language).state;
    const output =
      language === undefined ? attended : tf.concat<tf.Tensor2D>([language.h, context], 1);
    const features = this.combine.forward(output, { activation: "tanh" });
    return { features, attention: weights, state: { recurrent, ...(language && { language }) } };
  }

  #stepAfter(word: tf.Tensor2D, state: AttentionState) {
    const recurrent = this.lstm.step(word, state.recurrent).state;
    return { hidden: recurrent.h, recurrent, ...this.#attend(recurrent.h, state) };
  }

  #stepBefore(word: tf.Tensor2D, state: AttentionState) {
    const { context, weights } = this.#attend(state.recurrent.h, state);
    const recurrent = this.lstm.step(tf.concat([word, context], 1), state.recurrent).state;
    return { hidden: recurrent.h, recurrent, context, weights };
  }

  /** @param query `[rows, hidden]` */
  #attend(query: tf.Tensor2D, { keys, values, imageIndices }: AttentionState) {
    const { context, weights } = attendShared(this.score, query, keys, values, imageIndices);
    return { context: this.#gated(context, query), weights };
  }

  features(tokens: tf.Tensor2D, state: AttentionState, options?: { random?: Random | undefined }) {
    const random = options?.random;
    const rate = this.#config.dropout;
    const words = this.embedding.forward(tokens) as tf.Tensor3D;
    const perRow = {
      ...state,
      image: tf.gather(state.image, state.imageIndices),
      keys: tf.gather(state.keys, state.imageIndices),
      values: tf.gather(state.values, state.imageIndices),
    };
    const image = tf.expandDims(perRow.image, 1);
    const input = tf.add<tf.Tensor3D>(dropout(words, rate, random), image);
    const { hidden, context, weights } =
      this.#config.placement === "after"
        ? this.#unrollAfter(input, perRow)
        : this.#unrollBefore(input, perRow);
    const attended = tf.concat([hidden, context], 2);
    let output = attended;
    if (this.language !== undefined && state.language !== undefined) {
      const run = unroll(this.language, dropout(attended, rate, random), state.language);
      output = tf.concat([run.output, context], 2);
    }
    const combined = this.combine.forward(dropout(output, rate, random), { activation: "tanh" });
    const own = dropout(combined, rate, random);
    if (state.objects === undefined) return { features: own, attention: weights };
    const objects = tf.gather(state.objects, state.imageIndices);
    return { features: appendObjects(own, objects), attention: weights };
  }

  /** `[rows, embedding + objectWords] -> [rows, vocabulary]`; log-probabilities if there are object words. */
  project(features: tf.Tensor2D): tf.Tensor2D {
    const { copy, embedding, outputBias } = this;
    if (copy === undefined) return embedding.logits(features, outputBias);
    return copy.project(features, embedding, outputBias);
  }

  #unrollAfter(input: tf.Tensor3D, state: AttentionState) {
    const { output: hidden } = unroll(this.lstm, input, state.recurrent);
    const { context, weights } = attend(this.score, hidden, state.keys, state.values);
    return { hidden, context: this.#gated(context, hidden), weights };
  }

  #unrollBefore(input: tf.Tensor3D, state: AttentionState) {
    let { recurrent } = state;
    const steps = eachStep(input).map((word) => {
      const query: tf.Tensor3D = tf.expandDims(recurrent.h, 1);
      const { context, weights } = attend(this.score, query, state.keys, state.values);
      const gated = this.#gated(context, query);
      const step = this.lstm.step(
        tf.concat([word, tf.squeeze<tf.Tensor2D>(gated, [1])], 1),
        recurrent,
      );
      recurrent = step.state;
      return { hidden: tf.expandDims<tf.Tensor3D>(step.output, 1), context: gated, weights };
    });
    const join = (parts: tf.Tensor3D[]): tf.Tensor3D => tf.concat(parts, 1);
    return {
      hidden: join(steps.map(({ hidden }) => hidden)),
      context: join(steps.map(({ context }) => context)),
      weights: join(steps.map(({ weights }) => weights)),
    };
  }

  #gated<T extends tf.Tensor>(context: T, query: T): T {
    if (this.gate === undefined) return context;
    return tf.mul(context, this.gate.forward(query, { activation: "sigmoid" }));
  }

  reorder(state: AttentionState, rows: tf.Tensor1D): AttentionState {
    const { image, keys, values, objects, ...own } = state;
    const shared = { image, keys, values, ...(objects && { objects }) };
    return { ...gatherRows(own, rows), rows: rows.shape[0], ...shared };
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createAttentionDecoder(
  config: AttentionDecoderConfigInput,
  random?: Random,
): AttentionDecoder {
  const parsed = parseConfig(attentionDecoderConfigSchema, config, "decoder config");
  return new AttentionDecoder(parsed, random);
}
