import { Module } from "@attend/nn";
import { type CellState, createEncoder, type Encoder, reverseSequences } from "@attend/recurrent";
import type { Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";

/** A source that was read. */
export interface Read {
  /** Each position, `[rows, positions, units]`; zero behind a source's length. */
  readonly memory: tf.Tensor3D;
  /** Each source in one vector, `[rows, units]`. */
  readonly summary: tf.Tensor2D;
  /** The last state of each layer. */
  readonly layers: CellState[];
}

/** Reads embedded sources, from their end where the config says so. */
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
  read(words: tf.Tensor3D, lengths: readonly number[], random: Random | undefined): Read {
    const turned = this.#reverse ? reverseSequences(words, lengths) : words;
    const { output, summary, state } = this.layers.forward(turned, { lengths, random });
    // Turned back, so that a position means the same to whoever looks at it.
    const memory = this.#reverse ? reverseSequences(output, lengths) : output;
    return { memory, summary, layers: state.layers };
  }
}
