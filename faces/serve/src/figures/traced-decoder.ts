import type { Decoder, DecoderState } from "@attend/decoding";
import type { Random, tf } from "@attend/runtime";
import { matrixOf } from "./matrix.ts";

/** One step of a search, for each of its rows. */
export interface TracedStep {
  /** The last token of each row. */
  readonly tokens: readonly number[];
  /** The row of the step before that each continues; empty at the first step. */
  readonly parents: readonly number[];
  /** `[rows][vocabulary]` */
  readonly logits: readonly (readonly number[])[];
}

/** A decoder that notes what a search asks of it: any search, over any decoder. */
export class TracedDecoder<Encoding, State extends DecoderState>
  implements Decoder<Encoding, State>
{
  readonly steps: TracedStep[] = [];
  readonly vocabularySize: number;
  readonly #decoder: Decoder<Encoding, State>;
  /** From the last `reorder` on; a search omits it where no row moves. */
  #parents: readonly number[] | undefined;

  constructor(decoder: Decoder<Encoding, State>) {
    this.#decoder = decoder;
    this.vocabularySize = decoder.vocabularySize;
  }

  start(encoding: Encoding, options?: { random?: Random | undefined }): State {
    return this.#decoder.start(encoding, options);
  }

  step(tokens: tf.Tensor1D, state: State) {
    const result = this.#decoder.step(tokens, state);
    const rows = [...tokens.dataSync()];
    const parents = this.#parents ?? rows.keys();
    this.steps.push({
      tokens: rows,
      parents: this.steps.length === 0 ? [] : [...parents],
      logits: matrixOf(result.logits),
    });
    this.#parents = undefined;
    return result;
  }

  features(tokens: tf.Tensor2D, state: State, options?: { random?: Random | undefined }) {
    return this.#decoder.features(tokens, state, options);
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.#decoder.project(features);
  }

  reorder(state: State, rows: tf.Tensor1D): State {
    this.#parents = [...rows.dataSync()];
    return this.#decoder.reorder(state, rows);
  }
}
