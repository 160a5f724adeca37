import { attend, attendShared, createScore, type Score } from "@attend/attention";
import { type Decoder, expandRows, projectSteps } from "@attend/decoding";
import { dropout, Embedding, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { LstmCell, unroll } from "@attend/recurrent";
import { AttendError, denseProduct, type Random, tf } from "@attend/runtime";
import { z } from "zod";
import {
  type AttentionDecoderConfig,
  attentionDecoderConfigSchema,
} from "./attention-decoder-config.ts";

/** What an image encoder gives: see `@attend/cnn-encoder`. */
export interface Encoding {
  /** `[rows, positions, channels]` */
  readonly map: tf.Tensor3D;
  /** `[rows, channels]` */
  readonly pooled: tf.Tensor2D;
}

export type AttentionState = {
  /** The recurrent state, `[rows, hidden]`. */
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D;
  /** The language layer's, empty (`[rows, 0]`) without one. */
  readonly languageH: tf.Tensor2D;
  readonly languageC: tf.Tensor2D;
  /** The whole picture, added to every word, `[rows, embedding]`. */
  readonly image: tf.Tensor2D;
  /** Which of the pictures each row looks at, `[rows]` int32. */
  readonly picture: tf.Tensor1D;
  /** What is looked at, `[pictures, positions, ...]`. */
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
};

/**
 * An LSTM that says a caption, looking at the picture for every word. The picture is its first state;
 * output and input share one embedding table (Press & Wolf 2017).
 */
export class AttentionDecoder extends Module implements Decoder<Encoding, AttentionState> {
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
    this.outputBias = parameter(tf.zeros<tf.Rank.R1>([vocabularySize]));
  }

  get vocabularySize(): number {
    return this.#config.vocabularySize;
  }

  start(encoding: Encoding, options?: { random?: Random }): AttentionState {
    const { memorySize, dropout: rate, memoryDropout } = this.#config;
    const [channels, pooledChannels] = [encoding.map.shape[2], encoding.pooled.shape[1]];
    if (channels !== memorySize || pooledChannels !== memorySize) {
      throw new AttendError(
        "BAD_SHAPE",
        `the encoding has ${channels} channels (pooled ${pooledChannels}), the decoder expects ${memorySize}`,
      );
    }
    return tf.tidy(() => {
      const { map, pooled } = dropChannels(encoding, memoryDropout, options?.random);
      const rows = pooled.shape[0];
      const values = dropout(tf.relu(this.imageMap.forward(map)), rate, options?.random);
      const languageUnits = this.language?.units ?? 0;
      return {
        h: tf.tanh(this.initialH.forward(pooled)),
        c: tf.tanh(this.initialC.forward(pooled)),
        languageH: tf.zeros([rows, languageUnits]),
        languageC: tf.zeros([rows, languageUnits]),
        image: tf.relu(this.imagePooled.forward(pooled)),
        picture: tf.range(0, rows, 1, "int32"),
        keys: this.score.projectMemory(values),
        values,
      };
    });
  }

  step(tokens: tf.Tensor1D, state: AttentionState) {
    return tf.tidy(() => {
      const word = tf.add<tf.Tensor2D>(this.embedding.forward(tokens), state.image);
      const { hidden, context, weights, recurrent } =
        this.#config.placement === "after"
          ? this.#stepAfter(word, state)
          : this.#stepBefore(word, state);
      let next = { ...state, ...recurrent };
      let spoken: tf.Tensor2D = tf.concat([hidden, context], 1);
      if (this.language !== undefined) {
        const before = { h: state.languageH, c: state.languageC };
        const { h: languageH, c: languageC } = this.language.step(spoken, before).state;
        next = { ...next, languageH, languageC };
        spoken = tf.concat([languageH, context], 1);
      }
      const features = tf.tanh(this.combine.forward(spoken));
      return { logits: this.project(features), state: next, attention: weights };
    });
  }

  #stepAfter(word: tf.Tensor2D, { h, c, ...state }: AttentionState) {
    const recurrent = this.lstm.step(word, { h, c }).state;
    return { hidden: recurrent.h, recurrent, ...this.#look(recurrent.h, state) };
  }

  #stepBefore(word: tf.Tensor2D, { h, c, ...state }: AttentionState) {
    const { context, weights } = this.#look(h, state);
    const recurrent = this.lstm.step(tf.concat([word, context], 1), { h, c }).state;
    return { hidden: recurrent.h, recurrent, context, weights };
  }

  /** `[rows, hidden]` looks at each row's picture. */
  #look(query: tf.Tensor2D, { keys, values, picture }: Omit<AttentionState, "h" | "c">) {
    const { context, weights } = attendShared(this.score, query, keys, values, picture);
    return { context: this.#gated(context, query), weights };
  }

  forward(tokens: tf.Tensor2D, state: AttentionState, options?: { random?: Random }) {
    return tf.tidy(() => {
      const { features, attention } = this.features(tokens, state, options);
      return { logits: projectSteps(this, features), attention };
    });
  }

  /**
   * {@link forward} without the projection to the vocabulary, so that training can leave out the padding
   * before this dearest product. `features` is `[rows, steps, embedding]`. Call it inside `tf.tidy`.
   */
  features(tokens: tf.Tensor2D, state: AttentionState, options?: { random?: Random }) {
    const random = options?.random;
    const rate = this.#config.dropout;
    const words = this.embedding.forward(tokens) as tf.Tensor3D;
    const input = tf.add(
      dropout(words, rate, random),
      tf.expandDims(state.image, 1),
    ) as tf.Tensor3D;
    const own = {
      ...state,
      keys: tf.gather(state.keys, state.picture),
      values: tf.gather(state.values, state.picture),
    };
    const seen =
      this.#config.placement === "after"
        ? this.#lookAfter(input, own)
        : this.#lookBefore(input, own);
    const { hidden, context, weights } = seen;
    const joined = tf.concat([hidden, context], 2);
    let next = { ...state, ...seen.recurrent };
    let spoken = joined;
    if (this.language !== undefined) {
      const initial = { h: state.languageH, c: state.languageC };
      const run = unroll(this.language, dropout(joined, rate, random), initial);
      next = { ...next, languageH: run.state.h, languageC: run.state.c };
      spoken = tf.concat([run.output, context], 2);
    }
    const features = tf.tanh(this.combine.forward(dropout(spoken, rate, random)));
    return { features: dropout(features, rate, random), attention: weights, state: next };
  }

  /** `[rows, embedding] -> [rows, vocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D {
    return denseProduct(features, this.embedding.table, {
      bias: this.outputBias,
      transposed: true,
    });
  }

  #lookAfter(input: tf.Tensor3D, state: AttentionState) {
    const { output: hidden, state: recurrent } = unroll(this.lstm, input, {
      h: state.h,
      c: state.c,
    });
    const { context, weights } = attend(this.score, hidden, state.keys, state.values);
    return { hidden, context: this.#gated(context, hidden), weights, recurrent };
  }

  #lookBefore(input: tf.Tensor3D, state: AttentionState) {
    let recurrent = { h: state.h, c: state.c };
    const seen = tf.unstack(input, 1).map((word) => {
      const query: tf.Tensor3D = tf.expandDims(recurrent.h, 1);
      const { context, weights } = attend(this.score, query, state.keys, state.values);
      const gated = this.#gated(context, query);
      const step = this.lstm.step(
        tf.concat([word as tf.Tensor2D, tf.squeeze(gated, [1])], 1),
        recurrent,
      );
      recurrent = step.state;
      return { hidden: tf.expandDims(step.output, 1), context: gated, weights };
    });
    return {
      hidden: tf.concat(
        seen.map((s) => s.hidden),
        1,
      ) as tf.Tensor3D,
      context: tf.concat(
        seen.map((s) => s.context),
        1,
      ),
      weights: tf.concat(
        seen.map((s) => s.weights),
        1,
      ),
      recurrent,
    };
  }

  #gated<T extends tf.Tensor>(context: T, query: T): T {
    if (this.gate === undefined) return context;
    return tf.mul(context, tf.sigmoid(this.gate.forward(query)));
  }

  expand(state: AttentionState, count: number): AttentionState {
    return expandRows(this, state, count);
  }

  reorder(state: AttentionState, rows: tf.Tensor1D): AttentionState {
    const pick = (tensor: tf.Tensor2D): tf.Tensor2D =>
      tensor.shape[1] === 0 ? tf.zeros([rows.shape[0], 0]) : tf.gather(tensor, rows);
    return {
      ...state,
      h: pick(state.h),
      c: pick(state.c),
      languageH: pick(state.languageH),
      languageC: pick(state.languageC),
      image: pick(state.image),
      picture: tf.gather(state.picture, rows),
    };
  }
}

/** The same channels everywhere in a picture, and in its mean; see `dropout` of `@attend/nn`. */
function dropChannels(encoding: Encoding, rate: number, random: Random | undefined): Encoding {
  if (random === undefined || rate === 0) return encoding;
  const kept = dropout(tf.onesLike(encoding.pooled), rate, random);
  return {
    map: tf.mul(encoding.map, tf.expandDims(kept, 1)),
    pooled: tf.mul(encoding.pooled, kept),
  };
}

/**
 * @param random decides the first weights; without it they are zero, for weights that are loaded
 * @throws AttendError BAD_CONFIG naming each wrong key
 */
export function createAttentionDecoder(config: unknown, random?: Random): AttentionDecoder {
  const parsed = attentionDecoderConfigSchema.safeParse(config);
  if (!parsed.success) {
    throw new AttendError("BAD_CONFIG", `decoder config: ${z.prettifyError(parsed.error)}`);
  }
  return new AttentionDecoder(parsed.data, random);
}
