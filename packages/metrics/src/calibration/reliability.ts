import { AttendError } from "@attend/runtime/errors";
import { checkOutcomes, type Outcome } from "./outcomes.ts";

/** The answers whose probabilities are above `from`, up to `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** At least 1. */
  readonly answers: number;
  /** The mean probability. */
  readonly confidence: number;
  /** The fraction that is right. */
  readonly accuracy: number;
}

/**
 * A reliability diagram (Guo et al., 'On Calibration of Modern Neural Networks', 2017, section 2):
 * answers in bins of equal width by their probability. A model is calibrated if confidence and
 * accuracy are equal in every bin.
 *
 * @param options `bins`: how many there are, default 15.
 * @returns the bins that have answers, in order of probability.
 * @throws AttendError BAD_DATA if there are no answers, the numbers of probabilities and outcomes
 * differ, or one is not from 0 to 1; BAD_ARGUMENT if `bins` is not a positive integer.
 */
export function reliability(
  probabilities: readonly number[],
  correct: readonly Outcome[],
  { bins = 15 }: { bins?: number } = {},
): ReliabilityBin[] {
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `bins is ${bins}; it must be a positive integer, usually 15`,
    );
  }
  checkOutcomes(probabilities, correct);
  const sums = new Map<number, { answers: number; confidence: number; accuracy: number }>();
  for (const [i, probability] of probabilities.entries()) {
    const bin = Math.max(Math.ceil(probability * bins) - 1, 0);
    const sum = sums.get(bin) ?? { answers: 0, confidence: 0, accuracy: 0 };
    sum.answers++;
    sum.confidence += probability;
    sum.accuracy += Number(correct[i]);
    sums.set(bin, sum);
  }
  return Array.from(sums)
    .sort(([a], [b]) => a - b)
    .map(([bin, { answers, confidence, accuracy }]) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      answers,
      confidence: confidence / answers,
      accuracy: accuracy / answers,
    }));
}

/**
 * The expected calibration error (Guo et al. 2017, equation 3): the difference between the
 * confidence and accuracy of a bin of {@link reliability}, averaged over the answers; 0 to 1.
 *
 * @param options `bins`: default 15.
 * @throws AttendError as {@link reliability} does.
 */
export function expectedCalibrationError(
  probabilities: readonly number[],
  correct: readonly Outcome[],
  options: { bins?: number } = {},
): number {
  return reliability(probabilities, correct, options).reduce(
    (sum, { answers, confidence, accuracy }) =>
      sum + (answers / probabilities.length) * Math.abs(confidence - accuracy),
    0,
  );
}
