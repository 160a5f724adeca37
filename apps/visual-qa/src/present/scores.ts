import type { AnswerScores } from "../evaluate.ts";

/** The scores as a table row, all but the number of questions. */
export function scoreRow({ pointing, ...all }: AnswerScores): Record<string, string> {
  const { accuracy, consensus, byAnswerType, calibrationError } = all;
  const scores = { accuracy, consensus, ...byAnswerType, "calibration error": calibrationError };
  const row = Object.fromEntries(
    Object.entries(scores).flatMap(([name, score]) =>
      score === undefined ? [] : [[name, score.toFixed(3)]],
    ),
  );
  if (pointing === undefined) return row;
  const { questions, hops, center } = pointing;
  const shares = hops.map((share) => share.toFixed(3)).join(", ");
  return { ...row, [`pointing (${questions} questions)`]: shares, middle: center.toFixed(3) };
}

/** The accuracy of each source's questions, as table rows; none if there is one source. */
export function sourceRows({ bySource = {} }: AnswerScores): Record<string, string>[] {
  const sources = Object.entries(bySource);
  if (sources.length < 2) return [];
  return sources.map(([source, accuracy]) => ({ source, accuracy: accuracy.toFixed(3) }));
}
