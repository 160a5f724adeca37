import { AttendError } from "@attend/runtime/errors";
import { checkOutcomes, type Outcome } from "./outcomes.ts";

/** From which probability on answers count as confident, and what that means for held-out data. */
export interface ConfidenceThreshold {
  /** An answer is confident if its probability is at least this. */
  readonly threshold: number;
  /** The fraction of answers that are confident. */
  readonly coverage: number;
  /** The accuracy of the confident answers. */
  readonly accuracy: number;
}

/**
 * The lowest threshold at which confident answers are at least so accurate, and so the highest
 * coverage at this risk (1 - accuracy; Geifman & El-Yaniv, 'Selective Classification for Deep
 * Neural Networks', 2017, section 2).
 *
 * @param accuracy the least accuracy of confident answers, 0 to 1.
 * @returns undefined if even the most confident answers are less accurate.
 * @throws AttendError BAD_DATA if there are no answers, the numbers of probabilities and outcomes
 * differ, or one is not from 0 to 1; BAD_ARGUMENT if `accuracy` is not from 0 to 1.
 */
export function thresholdForAccuracy(
  probabilities: readonly number[],
  correct: readonly Outcome[],
  accuracy: number,
): ConfidenceThreshold | undefined {
  if (!(accuracy >= 0 && accuracy <= 1)) {
    throw new AttendError("BAD_ARGUMENT", `accuracy is ${accuracy}; it must be from 0 to 1`);
  }
  checkOutcomes(probabilities, correct);
  const answers = probabilities
    .map((probability, i) => ({ probability, score: Number(correct[i]) }))
    .sort((a, b) => b.probability - a.probability);
  let best: ConfidenceThreshold | undefined;
  let right = 0;
  for (const [i, { probability, score }] of answers.entries()) {
    right += score;
    // Answers of equal probability are confident together.
    const isLast = answers[i + 1]?.probability !== probability;
    if (isLast && right / (i + 1) >= accuracy) {
      best = {
        threshold: probability,
        coverage: (i + 1) / answers.length,
        accuracy: right / (i + 1),
      };
    }
  }
  return best;
}
