/** The likeliest answer, and its probability. */
export interface BestAnswer {
  /** Its index. */
  readonly answer: number;
  readonly probability: number;
}

/** The likeliest of answers by their logits, of which there is at least one. */
export function bestAnswer(logits: Float32Array, temperature: number): BestAnswer {
  const highest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp((logit - highest) / temperature), 0);
  return { answer: logits.indexOf(highest), probability: 1 / total };
}
