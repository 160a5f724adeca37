import { type Decoder, gatherRows } from "@attend/decoding";
import { dropout, Embedding, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { createRecurrent, type LayersState, Stack, unroll } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { LanguageModelConfig } from "./config.ts";

/** The state after `rows` parallel texts. A type, not an interface, so that `tf.tidy` can return it. */
export type LanguageState = { readonly rows: number; readonly recurrent: LayersState };

/**
 * Predicts each character or subword from all previous ones: `softmax(W_hy h_t + b_y)` on a stack of recurrent
 * layers (Mikolov et al. 2010). As a decoder, it has no encoding: it starts from a number of rows.
 */
export class LanguageNetwork extends Module implements Decoder<number, LanguageState> {
  readonly vocabularySize: number;
  readonly #config: LanguageModelConfig;
  /** Absent for one-hot tokens. */
  readonly embedding: Embedding | undefined;
  readonly recurrent: Stack;
  /** Projects to the size of the shared embedding; absent if the sizes match, or nothing is shared. */
  readonly projection: Linear | undefined;
  /** Absent if the embedding is shared. */
  readonly output: Linear | undefined;
  /** `[vocabulary]`; only with a shared embedding. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  /** @param random initializes the weights; if omitted, they are zero, to be loaded later */
  constructor(config: LanguageModelConfig, vocabularySize: number, random?: Random) {
    super();
    this.#config = config;
    this.vocabularySize = vocabularySize;
    const { embedding, tiedWeights } = config;
    const inputSize = embedding === "one-hot" ? vocabularySize : embedding;
    this.embedding =
      embedding === "one-hot" ? undefined : new Embedding(vocabularySize, embedding, random);
    this.recurrent = createLayers(config, inputSize, random);
    const { units } = this.recurrent;
    this.projection =
      tiedWeights && units !== inputSize ? new Linear(units, inputSize, random) : undefined;
    this.output = tiedWeights ? undefined : new Linear(units, vocabularySize, random);
    this.outputBias = tiedWeights ? parameter(tf.zeros<tf.Rank.R1>([vocabularySize])) : undefined;
  }

  start(rows: number): LanguageState {
    return { rows, recurrent: this.recurrent.initialState(rows) };
  }

  step(tokens: tf.Tensor1D, { rows, recurrent }: LanguageState) {
    return tf.tidy(() => {
      const input = this.#embed(tokens) as tf.Tensor2D;
      const { output, state } = this.recurrent.step(input, recurrent);
      return { logits: this.project(output), state: { rows, recurrent: state } };
    });
  }

  /** Returns the highest layer's output, `[rows, steps, units]`, and the state after the tokens. */
  features(
    tokens: tf.Tensor2D,
    { rows, recurrent }: LanguageState,
    options?: { random?: Random | undefined },
  ) {
    const random = options?.random;
    const { inputDropout, outputDropout } = this.#config;
    const input = variationalDropout(this.#embed(tokens) as tf.Tensor3D, inputDropout, random);
    const { output, state } = unroll(this.recurrent, input, recurrent, { random });
    const features = variationalDropout(output, outputDropout, random);
    return { features, state: { rows, recurrent: state } };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    if (this.output !== undefined) return this.output.forward(features);
    if (this.embedding === undefined)
      throw new TypeError("one-hot tokens have no embedding to share");
    return this.embedding.logits(this.projection?.forward(features) ?? features, this.outputBias);
  }

  reorder({ recurrent }: LanguageState, rows: tf.Tensor1D): LanguageState {
    return { rows: rows.shape[0], recurrent: gatherRows(recurrent, rows) };
  }

  /** `[...ids] -> [...ids, inputSize]` */
  #embed(ids: tf.Tensor): tf.Tensor {
    return this.embedding?.forward(ids) ?? tf.oneHot(ids, this.vocabularySize, 1, 0, "float32");
  }
}

/** Drops the same features at every step (Gal & Ghahramani 2016). */
function variationalDropout(input: tf.Tensor3D, rate: number, random?: Random): tf.Tensor3D {
  const [rows, , size] = input.shape;
  return dropout(input, rate, random, { shape: [rows, 1, size] });
}

/** Creates layers one by one, since the lowest layer's input has a separate dropout rate. */
function createLayers(config: LanguageModelConfig, inputSize: number, random?: Random): Stack {
  const { layers, connections, units, dropout: rate } = config.recurrent;
  let size = inputSize;
  const all = Array.from({ length: layers }, (_, index) => {
    const layer = { ...config.recurrent, layers: 1, dropout: index === 0 ? 0 : rate };
    const { layers: cells } = createRecurrent({ ...layer, inputSize: size }, random);
    size = connections === "dense" ? size + units : units;
    return cells;
  });
  return new Stack(all.flat(), { connections });
}
