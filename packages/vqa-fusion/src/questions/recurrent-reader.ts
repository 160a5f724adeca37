import {
  type CellState,
  createRecurrent,
  type LayersState,
  type Stack,
  sizesIn,
  stateFrom,
  tensorAt,
  unroll,
} from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { RecurrentQuestionConfig } from "../config.ts";
import type { Words } from "../fusion.ts";
import { readByLength } from "./by-length.ts";
import { QuestionReader, type ReadQuestion } from "./question-reader.ts";
import { SentenceInput } from "./sentence-input.ts";

/**
 * An LSTM or GRU over the words. The question's vector is its last output (Ren et al. 2015), or all last states
 * of all layers ("deeper LSTM Q", Antol et al. 2015, section 5.2); and what the question means as a sentence, if given.
 */
export class RecurrentReader extends QuestionReader {
  readonly network: Stack;
  readonly size: number;
  readonly vectorSize: number;
  readonly sentence: SentenceInput | undefined;
  /** The part of the last states that is the question's vector. */
  readonly #summary: readonly string[][];

  constructor(config: RecurrentQuestionConfig, inputSize: number, random: Random | undefined) {
    super();
    const { kind: cell, size, layers, dropout, summary, sentence } = config;
    this.network = createRecurrent({ cell, inputSize, units: size, layers, dropout }, random);
    this.size = size;
    const states = sizesIn(this.network.stateSizes);
    this.#summary =
      summary === "states" ? states.map(({ path }) => path) : [["layers", String(layers - 1), "h"]];
    this.vectorSize = this.#summary.length * size;
    this.sentence = sentence && new SentenceInput(sentence, this.vectorSize);
  }

  /** @param start the state before the first word; default zeros */
  read(words: Words, random?: Random, start?: LayersState): ReadQuestion {
    const read = readByLength(words, ({ vectors, lengths }, rows) => {
      const initial = start ? this.#rowsOf(start, rows) : this.network.initialState(lengths.length);
      const { output, state } = unroll(this.network, vectors, initial, { lengths, random });
      return { words: output, vector: this.#vectorOf(state) };
    });
    const { sentence } = this;
    if (sentence === undefined || words.sentences === undefined) return read;
    return { ...read, vector: sentence.add(read.vector, words.sentences, random) };
  }

  #rowsOf(state: LayersState, rows: tf.Tensor1D | undefined): LayersState {
    if (rows === undefined) return state;
    const sizes = this.network.stateSizes;
    const tensors = sizesIn(sizes).map(({ path }) => tf.gather(tensorAt(state, path), rows));
    return stateFrom(sizes, tensors);
  }

  #vectorOf(state: CellState): tf.Tensor2D {
    return tf.concat(
      this.#summary.map((path) => tensorAt(state, path)),
      1,
    );
  }
}
