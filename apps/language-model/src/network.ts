import { dropout, Embedding, Linear, Module, type Parameter, parameter } from "@attend/nn";
import { type CellState, createRecurrent, Stack, unroll } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { LanguageModelConfig } from "./config.ts";

/**
 * Predicts each next character or subword from all before it: `softmax(W_hy h_t + b_y)` on a stack of recurrent
 * layers (Mikolov et al. 2010).
 */
export class LanguageNetwork extends Module {
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

  /** The state before a text; the caller disposes it. */
  initialState(rows: number): CellState {
    return this.recurrent.initialState(rows);
  }

  /**
   * Reads on from a state. Call it inside `tf.tidy`.
   *
   * @param ids `[rows, steps]` int32
   * @param random switches dropout on
   * @returns the highest layer's output, `[rows, steps, units]`, for {@link logits}
   */
  read(ids: tf.Tensor2D, state: CellState, random?: Random) {
    const { inputDropout, outputDropout } = this.#config;
    const tokens =
      this.embedding === undefined
        ? tf.oneHot(ids, this.vocabularySize, 1, 0, "float32")
        : this.embedding.forward(ids);
    const input = steadyDropout(tokens as tf.Tensor3D, inputDropout, random);
    const run = unroll(this.recurrent, input, state, { random });
    return { output: steadyDropout(run.output, outputDropout, random), state: run.state };
  }

  /** `[rows, units] -> [rows, vocabulary]`: how likely each token comes next. */
  logits(output: tf.Tensor2D): tf.Tensor2D {
    if (this.output !== undefined) return this.output.forward(output);
    if (this.embedding === undefined) throw new TypeError("one-hot tokens have no table to share");
    const features = this.projection?.forward(output) ?? output;
    return this.embedding.logits(features, this.outputBias);
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
