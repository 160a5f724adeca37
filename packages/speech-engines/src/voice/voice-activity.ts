/** Samples per second that detectors and recognizers listen to. */
export const listeningRate = 16_000;
/** Samples that a detector judges together (32 ms). */
export const windowSize = 512;

/** Judges the next windows of one recording. */
type Listener = (samples: Float32Array, signal?: AbortSignal | undefined) => Promise<Float32Array>;

/** Tells speech from everything else. */
export interface VoiceActivity {
  readonly name: "silero" | "energy" | "everything";
  /**
   * Starts with a new recording. The listener is called with its samples (16 kHz) in order, a multiple of 512 at a time,
   * and returns the probability of speech in each 512 of them; it throws INTERRUPTED or ENGINE_FAILED.
   */
  listen(): Listener;
  /** Ends its process. */
  close(): Promise<void>;
}
