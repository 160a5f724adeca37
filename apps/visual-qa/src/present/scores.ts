import type { AnswerScores } from "../evaluate.ts";

/** The scores as a table row, all but the number of questions. */
export function scoreRow({ accuracy, consensus, byAnswerType, calibrationError }: AnswerScores) {
  const scores = { accuracy, consensus, ...byAnswerType, "calibration error": calibrationError };
  return Object.fromEntries(
    Object.entries(scores).flatMap(([name, score]) =>
      score === undefined ? [] : [[name, score.toFixed(3)]],
    ),
  );
}
