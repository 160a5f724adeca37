import { createRandom, tf } from "@attend/runtime";
import type { Decoder, Hypothesis } from "../../src/index.ts";

type ListenerState = {
  readonly rows: number;
  readonly hidden: tf.Tensor2D;
  /** `[rows, positions, size]`; the mask is `[rows, positions]`, 0 at padding. */
  readonly memory: tf.Tensor3D;
  readonly mask: tf.Tensor2D;
};

/** Source tokens of each row, of any length. */
export type Sources = readonly (readonly number[])[];

type Matrix = number[][];

const size = 6;

/** The tokens that are not special, of a vocabulary of eight. */
export const words = [4, 5, 6, 7];

/**
 * A small random recurrent decoder in which each row attends to its own source. Counts its calls.
 */
export class Listener implements Decoder<Sources, ListenerState> {
  readonly vocabularySize: number;
  /** The number of rows of each step. */
  rows: number[] = [];
  reorders = 0;
  readonly #words: tf.Tensor2D;
  readonly #recurrent: tf.Tensor2D;
  readonly #output: tf.Tensor2D;
  /** The same as plain numbers. */
  readonly weights: Readonly<Record<"words" | "recurrent" | "output", Matrix>>;

  constructor(seed: number, vocabularySize = 8) {
    this.vocabularySize = vocabularySize;
    const random = createRandom(seed);
    const normal = (rows: number, columns: number, scale: number): Matrix =>
      Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => scale * random.normal()),
      );
    const words = normal(vocabularySize, size, 1.5);
    const recurrent = normal(size, size, 0.7);
    const output = normal(size, vocabularySize, 1);
    this.weights = { words, recurrent, output };
    this.#words = tf.tensor2d(words);
    this.#recurrent = tf.tensor2d(recurrent);
    this.#output = tf.tensor2d(output);
  }

  start(sources: Sources): ListenerState {
    return tf.tidy(() => {
      const positions = Math.max(...sources.map((source) => source.length));
      const padded = sources.map((source) => [
        ...source,
        ...new Array<number>(positions - source.length).fill(0),
      ]);
      const mask = sources.map((source) => padded[0]!.map((_, i) => (i < source.length ? 1 : 0)));
      return {
        rows: sources.length,
        hidden: tf.zeros<tf.Rank.R2>([sources.length, size]),
        memory: tf.reshape<tf.Rank.R3>(
          tf.gather(this.#words, tf.tensor1d(padded.flat(), "int32")),
          [sources.length, positions, size],
        ),
        mask: tf.tensor2d(mask),
      };
    });
  }

  step(tokens: tf.Tensor1D, state: ListenerState) {
    this.rows.push(tokens.shape[0]);
    return tf.tidy(() => {
      const word = tf.gather(this.#words, tokens);
      const hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(state.hidden, this.#recurrent), word));
      const scores = tf.sum(tf.mul(state.memory, tf.expandDims(hidden, 1)), 2);
      const attention: tf.Tensor2D = tf.softmax(tf.add(scores, tf.mul(tf.sub(state.mask, 1), 1e9)));
      const context = tf.sum<tf.Tensor2D>(tf.mul(state.memory, tf.expandDims(attention, 2)), 1);
      const output = tf.add<tf.Tensor2D>(tf.mul(hidden, 2), context);
      const logits: tf.Tensor2D = tf.matMul(output, this.#output);
      return { logits, state: { ...state, hidden }, attention };
    });
  }

  features(): never {
    throw new Error("the searches only step");
  }

  project(): never {
    throw new Error("the searches only step");
  }

  reorder(state: ListenerState, rows: tf.Tensor1D): ListenerState {
    this.reorders++;
    return pick(state, rows);
  }

  dispose(): void {
    tf.dispose([this.#words, this.#recurrent, this.#output]);
  }
}

function pick({ hidden, memory, mask }: ListenerState, rows: tf.Tensor1D): ListenerState {
  return {
    rows: rows.shape[0],
    hidden: tf.gather(hidden, rows),
    memory: tf.gather(memory, rows),
    mask: tf.gather(mask, rows),
  };
}

export interface Penalties {
  readonly lengthPenalty?: number;
  readonly coveragePenalty?: number;
}

/** Log-probability and score of a sequence, computed without an engine. */
export function judge(
  decoder: Listener,
  source: readonly number[],
  { tokens, ended }: Pick<Hypothesis, "tokens" | "ended">,
  { lengthPenalty = 0, coveragePenalty = 0 }: Penalties = {},
): { logProbability: number; score: number } {
  const { words: table, recurrent, output } = decoder.weights;
  const totals = source.map(() => 0);
  const targets = ended ? [...tokens, 2] : tokens;
  let hidden = new Array<number>(size).fill(0);
  let logProbability = 0;
  targets.forEach((token, step) => {
    const word = table[targets[step - 1] ?? 1]!;
    hidden = product(hidden, recurrent).map((x, i) => Math.tanh(x + word[i]!));
    const memory = source.map((id) => table[id]!);
    const attention = softmax(memory.map((row) => sum(row.map((x, i) => x * hidden[i]!))));
    attention.forEach((weight, i) => {
      totals[i]! += weight;
    });
    const context = product(attention, memory);
    const logits = product(
      hidden.map((x, i) => 2 * x + context[i]!),
      output,
    );
    const allowed = logits.map((x, id) => (id === 2 || words.includes(id) ? x : -1e9));
    logProbability += Math.log(softmax(allowed)[token]!);
  });
  const coverage = sum(totals.map((weight) => Math.log(Math.min(weight, 1))));
  const normalized = logProbability / ((5 + targets.length) / 6) ** lengthPenalty;
  return { logProbability, score: normalized + coveragePenalty * coverage };
}

function product(row: readonly number[], matrix: Matrix): number[] {
  return matrix[0]!.map((_, column) => sum(row.map((x, i) => x * matrix[i]![column]!)));
}

function softmax(logits: readonly number[]): number[] {
  const exponentials = logits.map((x) => Math.exp(x - Math.max(...logits)));
  return exponentials.map((x) => x / sum(exponentials));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
