/** The sample rate at which recognizers listen. */
export const listeningRate = 16_000;

/** A stretch of speech, between two pauses. */
export interface Speech {
  /** Seconds from the start of the recording. */
  readonly start: number;
  /** At 16 kHz. */
  readonly samples: Float32Array;
  /** Whether it may go on: the same stretch follows if it does not, and otherwise a longer one. Default false. */
  readonly isDraft?: boolean;
}
