/** Options of {@link SentenceVectors.encode}. */
export interface EncodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of encoded sentences and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Sentences as vectors whose {@link cosine} tells how alike their meanings are. */
export interface SentenceVectors {
  /** Stored with a model that is trained on the vectors: it needs the same again (see `loadSentenceVectors`). */
  readonly name: string;
  /** The number of a vector's elements. */
  readonly dimension: number;
  /** How to get vectors that understand more, in one line for a user; undefined if they are installed. */
  readonly advice?: string | undefined;

  /**
   * A vector of length 1 for each sentence, in order.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted; BAD_ARGUMENT after `dispose`
   */
  encode(sentences: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;

  /** Frees its memory; it cannot encode anymore. */
  dispose(): void;
}

/** The cosine of the angle between two vectors of length 1: 1 for the same direction. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
