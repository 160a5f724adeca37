/** Where a recording comes from. */
export interface Source {
  /** a path, or `-` if there is none */
  readonly file: string;
  /** in errors and warnings */
  readonly name: string;
  /** Called with one line about a fault that can be lived with. */
  readonly warn: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A recording that is read piece by piece. */
export interface Decoding {
  readonly sampleRate: number;
  /** mono samples from -1 to 1 */
  readonly chunks: AsyncIterable<Float32Array>;
}
