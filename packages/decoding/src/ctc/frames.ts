/** What a network trained by connectionist temporal classification says of one sequence. */
export interface CtcFrames {
  readonly steps: number;
  /** The labels and, last, the blank. */
  readonly classes: number;
  /** Logarithms of the probabilities, `[steps, classes]`. */
  readonly logProbabilities: Float32Array;
}

/** Labels and where they stand. */
export interface CtcHypothesis {
  readonly labels: readonly number[];
  /** Of all alignments with these labels that were looked at. */
  readonly logProbability: number;
  /** What hypotheses are ranked by: the log-probability and what the language model adds. */
  readonly score: number;
}
