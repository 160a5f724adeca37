import { AttendError, tf, yieldTurn } from "@attend/runtime";
import type { WordPiece } from "@attend/text";
import type { Bert } from "@attend/transformer";
import type { EncodeOptions, SentenceVectors } from "./sentence-vectors.ts";

/** Texts that are encoded at a time. */
const batchSize = 32;

/**
 * Sentences as the mean of BERT's token vectors (Reimers & Gurevych 2019, 'Sentence-BERT'). Created by `loadMiniLm`.
 */
export class SentenceEncoder implements SentenceVectors {
  readonly name = "minilm";
  readonly #bert: Bert;
  readonly #tokenizer: WordPiece;
  readonly #maxTokens: number;
  #disposed = false;

  /**
   * Takes ownership of the network.
   *
   * @param maxTokens longer texts are cut off
   */
  constructor(bert: Bert, tokenizer: WordPiece, maxTokens: number) {
    this.#bert = bert;
    this.#tokenizer = tokenizer;
    this.#maxTokens = maxTokens;
  }

  get dimension(): number {
    return this.#bert.config.size;
  }

  /** As {@link SentenceVectors}. Texts of similar length are encoded together. */
  async encode(
    texts: readonly string[],
    { signal, onProgress }: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    const ids = texts.map((text) => this.#tokenizer.encode(text, { maxTokens: this.#maxTokens }));
    const order = [...ids.keys()].sort((a, b) => lengthOf(ids[a]) - lengthOf(ids[b]));
    const vectors = new Array<Float32Array>(texts.length);
    for (let at = 0; at < order.length; at += batchSize) {
      await yieldTurn(signal);
      const rows = order.slice(at, at + batchSize);
      const found = this.#encodeBatch(rows.map((row) => ids[row] ?? []));
      for (const [i, row] of rows.entries()) {
        vectors[row] = found.slice(i * this.dimension, (i + 1) * this.dimension);
      }
      onProgress?.(at + rows.length, texts.length);
    }
    return vectors;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#bert.dispose();
  }

  /** `[rows, size]` */
  #encodeBatch(ids: readonly (readonly number[])[]): Float32Array {
    if (this.#disposed) {
      throw new AttendError("BAD_ARGUMENT", "this sentence encoder is disposed; load another one");
    }
    const lengths = ids.map(({ length }) => length);
    const steps = Math.max(...lengths);
    const { pad } = this.#tokenizer.special;
    const padded = ids.flatMap((row) => [
      ...row,
      ...new Array<number>(steps - row.length).fill(pad),
    ]);
    const vectors = tf.tidy(() => {
      const tokens = tf.tensor2d(padded, [ids.length, steps], "int32");
      return normalizedMeans(this.#bert.encode({ tokens, lengths }), lengths);
    });
    const values = vectors.dataSync<"float32">();
    vectors.dispose();
    return values;
  }
}

/** The mean of each text's token vectors, scaled to length 1. */
function normalizedMeans(hidden: tf.Tensor3D, lengths: readonly number[]): tf.Tensor2D {
  const [, steps] = hidden.shape;
  const weights = lengths.flatMap((length) =>
    Array.from({ length: steps }, (_, step) => (step < length ? 1 / length : 0)),
  );
  const means: tf.Tensor2D = tf.squeeze(
    tf.matMul(tf.tensor3d(weights, [lengths.length, 1, steps]), hidden),
    [1],
  );
  return tf.div(means, tf.maximum(tf.norm(means, 2, 1, true), 1e-12));
}

function lengthOf(ids: readonly number[] | undefined): number {
  return ids?.length ?? 0;
}
