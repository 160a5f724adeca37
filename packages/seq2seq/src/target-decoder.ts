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
import { beside, type Climbed, climb, together } from "./climb.ts";
import { readoutSizeOf, type Seq2seqConfig } from "./config.ts";
import { Readout, type Spoken } from "./readout.ts";
import type { Fixed, Moving } from "./state.ts";
import { type Wiring, wiringOf } from "./wiring.ts";

/** The layers that speak, how they look, and what they say: from vectors of words to features. */
export class TargetDecoder extends Module {
  readonly #wiring: Wiring;
  readonly #dropout: number;
  readonly layers: readonly Cell[];
  readonly attention: RecurrentAttention | undefined;
  readonly readout: Readout | undefined;

  /** @param memorySize of each position of the source, and of its summary */
  constructor(config: Seq2seqConfig, memorySize: number, random: Random | undefined) {
    super();
    const { decoder, attention, hiddenSize: units, embeddingSize: word, dropout: rate } = config;
    const wiring = wiringOf(config, memorySize);
    this.#wiring = wiring;
    this.#dropout = rate;
    this.layers = wiring.inputSizes.flatMap((inputSize) => {
      const one = { cell: decoder.cell, inputSize, units, dropout: rate };
      return createRecurrent(one, random).layers;
    });
    const { kind, size = units, score, scope, window, coverage } = attention;
    const sizes = { querySize: units, memorySize, size };
    this.attention =
      kind === "none"
        ? undefined
        : createRecurrentAttention({ score, scope, window, coverage }, sizes, random);
    const spoken = { hidden: units, context: wiring.contextSize, word };
    this.readout =
      config.readout === "state"
        ? undefined
        : new Readout(config.readout, { ...spoken, output: readoutSizeOf(config) }, random);
  }

  /** What input feeding brings into the first step. */
  firstFeed(rows: number): tf.Tensor2D | undefined {
    const { feeds, feedSize } = this.#wiring;
    return feeds && tf.zeros([rows, feedSize]);
  }

  /**
   * One step.
   *
   * @param word `[rows, embedding]`
   * @returns features `[rows, size]`, which are projected to the vocabulary, weights `[rows, positions]`
   */
  step(word: tf.Tensor2D, before: Moving, fixed: Fixed) {
    const { climbed, next, features } = this.#step(this.layers, word, before, fixed, undefined);
    const context = climbed.seen?.context ?? fixed.summary;
    return {
      features: features ?? this.#say({ hidden: climbed.hidden, context, word }, undefined),
      weights: climbed.seen?.weights,
      moving: next,
    };
  }

  /**
   * All steps of known words: layer by layer where no step needs what the one before saw or said.
   *
   * @param words `[rows, steps, embedding]`
   * @returns features `[rows, steps, size]`, weights `[rows, steps, positions]`
   */
  sequence(words: tf.Tensor3D, first: Moving, fixed: Fixed, random: Random | undefined) {
    const memory = fixed.memory && gatherMemory(fixed.memory); // Once, not in each step.
    const { looksBefore, feeds } = this.#wiring;
    if (looksBefore || feeds) {
      return this.#loop(words, first, memory === undefined ? fixed : { ...fixed, memory }, random);
    }
    const { attention } = this;
    const summary = fixed.summary && repeated(fixed.summary, words.shape[1]);
    const pass = {
      run: (layer: number, x: tf.Tensor3D, state: CellState) =>
        unroll(at(this.layers, layer), x, state, { random }),
      look:
        attention &&
        memory &&
        ((queries: tf.Tensor3D, state: RecurrentAttentionState) =>
          attention.forward(queries, memory, state, { random })),
    };
    const input = beside([words, summary]);
    const { hidden, seen } = climb(this.#wiring, pass, input, first.layers, first.look);
    const context = seen?.context ?? summary;
    return {
      features: this.#say({ hidden, context, word: words }, random),
      weights: seen?.weights,
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
      return { features, hidden: climbed.hidden, seen: climbed.seen };
    });
    const hidden = together(steps.map((step) => step.hidden));
    const context = together(steps.flatMap(({ seen }) => seen?.context ?? []));
    const features = together(steps.flatMap((step) => step.features ?? []));
    return {
      // Where a step needs no features of the one before, the readout is one product for all steps.
      features: features ?? this.#say({ hidden: hidden ?? words, context, word: words }, random),
      weights: together(steps.flatMap(({ seen }) => seen?.weights ?? [])),
    };
  }

  /** Layers and looks of a step; the features only where the next step needs them. */
  #step(
    layers: readonly Running<CellState>[],
    word: tf.Tensor2D,
    before: Moving,
    { memory, summary }: Fixed,
    random: Random | undefined,
  ): { climbed: Climbed<tf.Tensor2D>; next: Moving; features: tf.Tensor2D | undefined } {
    const { attention } = this;
    const { looksBefore, feeds } = this.#wiring;
    const look =
      attention &&
      memory &&
      ((query: tf.Tensor2D, state: RecurrentAttentionState) =>
        attention.step(query, memory, state, { random }));
    const early = looksBefore ? look?.(highest(before), before.look) : undefined;
    const pass = {
      run: (layer: number, x: tf.Tensor2D, state: CellState) => at(layers, layer).step(x, state),
      look,
    };
    const input = beside([word, early?.context, before.feed, summary]);
    const climbed = climb(this.#wiring, pass, input, before.layers, before.look);
    const seen = early ?? climbed.seen;
    const said = { hidden: climbed.hidden, context: seen?.context, word };
    const features = feeds === "features" ? this.#say(said, random) : undefined;
    const feed = feeds === "features" ? features : feeds && seen?.context;
    return {
      climbed: { ...climbed, seen },
      next: {
        layers: climbed.layers,
        look: seen?.state ?? before.look,
        ...(feed === undefined ? {} : { feed }),
      },
      features,
    };
  }

  #say<T extends tf.Tensor>(spoken: Spoken<T>, random: Random | undefined): T {
    return dropout(this.readout?.forward(spoken) ?? spoken.hidden, this.#dropout, random);
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
