import { AttendError } from "@attend/runtime/errors";

/** Whether an answer was right, or its score from 0 to 1. */
export type Outcome = boolean | number;

/**
 * @throws AttendError BAD_DATA if there are no answers, the numbers of probabilities and outcomes
 * differ, or one is not from 0 to 1.
 */
export function checkOutcomes(probabilities: readonly number[], correct: readonly Outcome[]): void {
  if (probabilities.length === 0 || probabilities.length !== correct.length) {
    throw new AttendError(
      "BAD_DATA",
      `${probabilities.length} probabilities and ${correct.length} outcomes were given; pass one of each per answer, for at least one answer`,
    );
  }
  for (const [i, probability] of probabilities.entries()) {
    for (const value of [probability, Number(correct[i])]) {
      if (value >= 0 && value <= 1) continue;
      throw new AttendError(
        "BAD_DATA",
        `answer ${i} (counted from 0) has probability ${probability} and outcome ${correct[i]}; both must be from 0 to 1`,
      );
    }
  }
}
