/** A recording that is read piece by piece. */
export interface Decoding {
  readonly sampleRate: number;
  /** mono samples from -1 to 1 */
  readonly chunks: AsyncIterable<Float32Array>;
}

/** Called with one line about a fault that can be lived with. */
export type Warn = (message: string) => void;
