import { AttendError, tf, yieldTurn } from "@attend/runtime";
import type { WordPiece } from "@attend/text";
import type { Bert } from "@attend/transformer";

/** Options of {@link SentenceEncoder.encode}. */
export interface SentenceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of encoded texts and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Texts that are encoded at a time. */
const batchSize = 32;

/**
 * Sentences as vectors of length 1, whose {@link cosine} tells how alike their meanings are: the mean of BERT's token
 * vectors (Reimers & Gurevych 2019, 'Sentence-BERT'). Created by `loadMiniLm`; `close` frees its memory.
 */
export class SentenceEncoder {
  readonly #bert: Bert;
  readonly #tokenizer: WordPiece;
  readonly #maxTokens: number;
  #closed = false;

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

  /** The number of a vector's elements. */
  get size(): number {
    return this.#bert.config.size;
  }

  /**
   * A vector for each text, in order. Texts of similar length are encoded together.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted; BAD_ARGUMENT if the encoder is closed
   */
  async encode(
    texts: readonly string[],
    { signal, onProgress }: SentenceOptions = {},
  ): Promise<Float32Array[]> {
    const ids = texts.map((text) => this.#tokenizer.encode(text, { maxTokens: this.#maxTokens }));
    const order = [...ids.keys()].sort((a, b) => lengthOf(ids[a]) - lengthOf(ids[b]));
    const vectors = new Array<Float32Array>(texts.length);
    for (let at = 0; at < order.length; at += batchSize) {
      await yieldTurn(signal);
      const rows = order.slice(at, at + batchSize);
      const found = this.#encodeBatch(rows.map((row) => ids[row] ?? []));
      for (const [i, row] of rows.entries()) {
        vectors[row] = found.slice(i * this.size, (i + 1) * this.size);
      }
      onProgress?.(at + rows.length, texts.length);
    }
    return vectors;
  }

  /** Frees the network; it cannot encode anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#bert.dispose();
  }

  /** `[rows, size]` */
  #encodeBatch(ids: readonly (readonly number[])[]): Float32Array {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this sentence encoder is closed; load another one");
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

/** The cosine of the angle between two vectors of length 1: 1 for the same direction. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
