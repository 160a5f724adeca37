import { Module } from "@attend/nn";
import { type CellState, createEncoder, type Encoder, reverseSequences } from "@attend/recurrent";
import type { Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";

/** Encoded sources. */
export interface EncodedSources {
  /** `[rows, positions, units]`; zero past a source's length. */
  readonly memory: tf.Tensor3D;
  /** Each source as one vector, `[rows, units]`. */
  readonly summary: tf.Tensor2D;
  /** The last state of each layer. */
  readonly layers: CellState[];
}

/** Encodes embedded sources, reversed if so configured. */
export class SourceReader extends Module {
  readonly layers: Encoder;
  readonly #reverse: boolean;

  constructor(config: Seq2seqConfig, random: Random | undefined) {
    super();
    const { cell, layers, bidirectional, residual, reverse } = config.encoder;
    const { embeddingSize: inputSize, hiddenSize: units, dropout } = config;
    const connections = residual ? "residual" : "plain";
    this.layers = createEncoder(
      { cell, inputSize, units, layers, bidirectional, connections, dropout },
      random,
    );
    this.#reverse = reverse;
  }

  /** Size of each position, and of the summary. */
  get units(): number {
    return this.layers.units;
  }

  /** @param words `[rows, positions, embedding]` */
  read(words: tf.Tensor3D, lengths: readonly number[], random: Random | undefined): EncodedSources {
    const input = this.#reverse ? reverseSequences(words, lengths) : words;
    const { output, summary, state } = this.layers.forward(input, { lengths, random });
    // The memory is in the original order.
    const memory = this.#reverse ? reverseSequences(output, lengths) : output;
    return { memory, summary, layers: state.layers };
  }
}
