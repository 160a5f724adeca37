import type { SourceBatch } from "@attend/decoding";
import { AttendError, tf, yieldTurn } from "@attend/runtime";
import type { WordPiece } from "@attend/text";
import type { EncodeOptions, SentenceVectors } from "./sentence-vectors.ts";
import { tokenMeans } from "./token-means.ts";

/** Texts that are encoded at a time. */
const batchSize = 32;
/** Longer texts are cut off. As MiniLM was trained (sentence-transformers). */
const maxTokens = 256;

/** A network with a vector for each token of a text. */
export interface TokenNetwork {
  /** `[rows, steps, dimension]`; the caller owns it. */
  encode(batch: SourceBatch): tf.Tensor3D;
  /** Frees its memory. */
  dispose(): void;
}

/** What a {@link SentenceEncoder} consists of. */
export interface SentenceEncoderParts {
  readonly name: string;
  readonly dimension: number;
  readonly advice?: string | undefined;
  readonly tokenizer: WordPiece;
  /** Disposed with the encoder. */
  readonly network: TokenNetwork;
}

/** Sentences as the mean of their tokens' vectors (Reimers & Gurevych 2019, 'Sentence-BERT', section 3). */
export class SentenceEncoder implements SentenceVectors {
  readonly name: string;
  readonly dimension: number;
  readonly advice: string | undefined;
  readonly #tokenizer: WordPiece;
  readonly #network: TokenNetwork;
  #disposed = false;

  constructor({ name, dimension, advice, tokenizer, network }: SentenceEncoderParts) {
    this.name = name;
    this.dimension = dimension;
    this.advice = advice;
    this.#tokenizer = tokenizer;
    this.#network = network;
  }

  /** As {@link SentenceVectors}. Texts of similar length are encoded together. */
  async encode(
    texts: readonly string[],
    { signal, onProgress }: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    const ids = texts.map((text) => this.#tokenizer.encode(text, { maxTokens }));
    const order = [...ids.keys()].sort((a, b) => lengthOf(ids[a]) - lengthOf(ids[b]));
    const vectors = new Array<Float32Array>(texts.length);
    for (let at = 0; at < order.length; at += batchSize) {
      await yieldTurn(signal);
      const rows = order.slice(at, at + batchSize);
      const found = this.#encodeBatch(rows.map((row) => ids[row] ?? []));
      for (const [i, row] of rows.entries()) {
        vectors[row] = unit(found.subarray(i * this.dimension, (i + 1) * this.dimension));
      }
      onProgress?.(at + rows.length, texts.length);
    }
    return vectors;
  }

  /** Frees the network; it cannot encode anymore. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#network.dispose();
  }

  /** The means of the tokens' vectors, `[rows, dimension]`. */
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
    const means = tf.tidy(() => {
      const tokens = tf.tensor2d(padded, [ids.length, steps], "int32");
      return tokenMeans(this.#network.encode({ tokens, lengths }), lengths);
    });
    const values = means.dataSync<"float32">();
    means.dispose();
    return values;
  }
}

function lengthOf(ids: readonly number[] | undefined): number {
  return ids?.length ?? 0;
}

/** The vector scaled to length 1. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / Math.max(length, 1e-12));
}
