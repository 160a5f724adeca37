import {
  createRecurrentAttention,
  gatherMemory,
  type RecurrentAttention,
  type RecurrentAttentionState,
} from "@attend/attention";
import { dropout, Module } from "@attend/nn";
import {
  type Cell,
  type CellState,
  createRecurrent,
  eachStep,
  type Running,
  tensorAt,
  unroll,
} from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import { type Climbed, climb, concatenate, stackSteps } from "./climb.ts";
import { readoutSizeOf, type Seq2seqConfig } from "./config.ts";
import { Readout, type ReadoutInputs } from "./readout.ts";
import type { Fixed, Moving } from "./state.ts";
import { type Wiring, wiringOf } from "./wiring.ts";

/** The decoder's layers, attention and readout: from word vectors to features. */
export class TargetDecoder extends Module {
  readonly #wiring: Wiring;
  readonly #dropout: number;
  readonly layers: readonly Cell[];
  readonly attention: RecurrentAttention | undefined;
  readonly readout: Readout | undefined;

  /** @param memorySize size of each position of the source, and of its summary */
  constructor(config: Seq2seqConfig, memorySize: number, random: Random | undefined) {
    super();
    const { decoder, attention, hiddenSize: units, embeddingSize: word, dropout: rate } = config;
    const wiring = wiringOf(config, memorySize);
    this.#wiring = wiring;
    this.#dropout = rate;
    this.layers = wiring.inputSizes.flatMap((inputSize) => {
      const layer = { cell: decoder.cell, inputSize, units, dropout: rate };
      return createRecurrent(layer, random).layers;
    });
    const { kind, size = units, score, scope, window, coverage } = attention;
    const sizes = { querySize: units, memorySize, size };
    this.attention =
      kind === "none"
        ? undefined
        : createRecurrentAttention({ score, scope, window, coverage }, sizes, random);
    const readoutSizes = { hidden: units, context: wiring.contextSize, word };
    this.readout =
      config.readout === "state"
        ? undefined
        : new Readout(config.readout, { ...readoutSizes, output: readoutSizeOf(config) }, random);
  }

  /** The input feeding of the first step. */
  firstFeed(rows: number): tf.Tensor2D | undefined {
    const { feeds, feedSize } = this.#wiring;
    return feeds && tf.zeros([rows, feedSize]);
  }

  /**
   * One step.
   *
   * @param word `[rows, embedding]`
   * @returns features `[rows, size]` to project to the vocabulary, weights `[rows, positions]`
   */
  step(word: tf.Tensor2D, before: Moving, fixed: Fixed) {
    const { climbed, next, features } = this.#step(this.layers, word, before, fixed, undefined);
    const context = climbed.attended?.context ?? fixed.summary;
    return {
      features: features ?? this.#readOut({ hidden: climbed.hidden, context, word }, undefined),
      weights: climbed.attended?.weights,
      moving: next,
    };
  }

  /**
   * All steps of known words: layer by layer, unless a step depends on the context or features of the
   * previous one.
   *
   * @param words `[rows, steps, embedding]`
   * @returns features `[rows, steps, size]`, weights `[rows, steps, positions]`
   */
  sequence(words: tf.Tensor3D, first: Moving, fixed: Fixed, random: Random | undefined) {
    const memory = fixed.memory && gatherMemory(fixed.memory); // Once, not in each step.
    const { attendsBefore, feeds } = this.#wiring;
    if (attendsBefore || feeds) {
      return this.#loop(words, first, memory === undefined ? fixed : { ...fixed, memory }, random);
    }
    const { attention } = this;
    const summary = fixed.summary && repeated(fixed.summary, words.shape[1]);
    const pass = {
      run: (layer: number, x: tf.Tensor3D, state: CellState) =>
        unroll(at(this.layers, layer), x, state, { random }),
      attend:
        attention &&
        memory &&
        ((queries: tf.Tensor3D, state: RecurrentAttentionState) =>
          attention.forward(queries, memory, state, { random })),
    };
    const input = concatenate([words, summary]);
    const { hidden, attended } = climb(this.#wiring, pass, input, first.layers, first.attention);
    const context = attended?.context ?? summary;
    return {
      features: this.#readOut({ hidden, context, word: words }, random),
      weights: attended?.weights,
    };
  }

  #loop(words: tf.Tensor3D, first: Moving, fixed: Fixed, random: Random | undefined) {
    const batch = words.shape[0];
    const layers = this.layers.map((cell) =>
      random ? cell.drawn({ batch, random: random.fork(), stepRandom: random.fork() }) : cell,
    );
    let moving = first;
    const steps = eachStep(words).map((word) => {
      const { climbed, next, features } = this.#step(layers, word, moving, fixed, random);
      moving = next;
      return { features, hidden: climbed.hidden, attended: climbed.attended };
    });
    const hidden = stackSteps(steps.map((step) => step.hidden));
    const context = stackSteps(steps.flatMap(({ attended }) => attended?.context ?? []));
    const features = stackSteps(steps.flatMap((step) => step.features ?? []));
    return {
      // If steps do not depend on features of the previous step, the readout is one product for all.
      features:
        features ?? this.#readOut({ hidden: hidden ?? words, context, word: words }, random),
      weights: stackSteps(steps.flatMap(({ attended }) => attended?.weights ?? [])),
    };
  }

  /** Layers and attention of a step; features only if the next step depends on them. */
  #step(
    layers: readonly Running<CellState>[],
    word: tf.Tensor2D,
    before: Moving,
    { memory, summary }: Fixed,
    random: Random | undefined,
  ): { climbed: Climbed<tf.Tensor2D>; next: Moving; features: tf.Tensor2D | undefined } {
    const { attention } = this;
    const { attendsBefore, feeds } = this.#wiring;
    const attend =
      attention &&
      memory &&
      ((query: tf.Tensor2D, state: RecurrentAttentionState) =>
        attention.step(query, memory, state, { random }));
    const early = attendsBefore ? attend?.(highest(before), before.attention) : undefined;
    const pass = {
      run: (layer: number, x: tf.Tensor2D, state: CellState) => at(layers, layer).step(x, state),
      attend,
    };
    const input = concatenate([word, early?.context, before.feed, summary]);
    const climbed = climb(this.#wiring, pass, input, before.layers, before.attention);
    const attended = early ?? climbed.attended;
    const inputs = { hidden: climbed.hidden, context: attended?.context, word };
    const features = feeds === "features" ? this.#readOut(inputs, random) : undefined;
    const feed = feeds === "features" ? features : feeds && attended?.context;
    return {
      climbed: { ...climbed, attended },
      next: {
        layers: climbed.layers,
        attention: attended?.state ?? before.attention,
        ...(feed === undefined ? {} : { feed }),
      },
      features,
    };
  }

  #readOut<T extends tf.Tensor>(inputs: ReadoutInputs<T>, random: Random | undefined): T {
    return dropout(this.readout?.forward(inputs) ?? inputs.hidden, this.#dropout, random);
  }
}

/** The hidden state of the highest layer, `[rows, units]`. */
function highest({ layers }: Moving): tf.Tensor2D {
  return tensorAt(at(layers, layers.length - 1), ["h"]);
}

/** `[rows, size] -> [rows, steps, size]` */
function repeated(vector: tf.Tensor2D, steps: number): tf.Tensor3D {
  return tf.tile<tf.Tensor3D>(tf.expandDims(vector, 1), [1, steps, 1]);
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no layer ${index}`);
  return item;
}
