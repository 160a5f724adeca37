import type { Decoder } from "@attend/decoding";
import { dropout, Embedding, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { type CellState, createRecurrent, Stack, unroll } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { LanguageModelConfig } from "./config.ts";

/** What a text's past comes to, `rows` texts side by side. A type, not an interface, so that `tf.tidy` may return it. */
export type LanguageState = { readonly rows: number; readonly recurrent: CellState };

/**
 * Predicts each next character or subword from all before it: `softmax(W_hy h_t + b_y)` on a stack of recurrent
 * layers (Mikolov et al. 2010). As a decoder it has no encoding: it starts from a number of rows.
 */
export class LanguageNetwork extends Module implements Decoder<number, LanguageState> {
  readonly vocabularySize: number;
  readonly #config: LanguageModelConfig;
  /** Absent where tokens enter one-hot. */
  readonly embedding: Embedding | undefined;
  readonly recurrent: Stack;
  /** To the size of the shared table; absent where the highest layer has it, and without one. */
  readonly projection: Linear | undefined;
  /** Absent where the embedding's table takes its place. */
  readonly output: Linear | undefined;
  /** `[vocabulary]`, with a shared table. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  /** @param random decides the first weights; without it they are zero, for weights that are loaded */
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

  /** Gives the highest layer's output, `[rows, steps, units]`, and the state after the tokens, too. */
  features(
    tokens: tf.Tensor2D,
    { rows, recurrent }: LanguageState,
    options?: { random?: Random | undefined },
  ) {
    const random = options?.random;
    const { inputDropout, outputDropout } = this.#config;
    const input = steadyDropout(this.#embed(tokens) as tf.Tensor3D, inputDropout, random);
    const { output, state } = unroll(this.recurrent, input, recurrent, { random });
    const features = steadyDropout(output, outputDropout, random);
    return { features, state: { rows, recurrent: state } };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    if (this.output !== undefined) return this.output.forward(features);
    if (this.embedding === undefined) throw new TypeError("one-hot tokens have no table to share");
    return this.embedding.logits(this.projection?.forward(features) ?? features, this.outputBias);
  }

  reorder({ recurrent }: LanguageState, rows: tf.Tensor1D): LanguageState {
    const picked = Object.entries(recurrent).map(([name, t]) => [name, tf.gather(t, rows)]);
    return { rows: rows.shape[0], recurrent: Object.fromEntries(picked) };
  }

  /** `[...ids] -> [...ids, inputSize]` */
  #embed(ids: tf.Tensor): tf.Tensor {
    return this.embedding?.forward(ids) ?? tf.oneHot(ids, this.vocabularySize, 1, 0, "float32");
  }
}

/** The same features dropped at every step (Gal & Ghahramani 2016). */
function steadyDropout(input: tf.Tensor3D, rate: number, random?: Random): tf.Tensor3D {
  const [rows, , size] = input.shape;
  return dropout(input, rate, random, { shape: [rows, 1, size] });
}

/** One by one: the lowest layer's input is dropped at a rate of its own, outside it. */
function createLayers(config: LanguageModelConfig, inputSize: number, random?: Random): Stack {
  const { layers, connections, units, dropout: rate } = config.recurrent;
  let size = inputSize;
  const cells = Array.from({ length: layers }, (_, index) => {
    const own = { ...config.recurrent, layers: 1, dropout: index === 0 ? 0 : rate };
    const { layers: made } = createRecurrent({ ...own, inputSize: size }, random);
    size = connections === "dense" ? size + units : units;
    return made;
  });
  return new Stack(cells.flat(), { connections });
}
