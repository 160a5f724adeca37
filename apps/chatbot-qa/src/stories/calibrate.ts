import { fitTemperature, thresholdForAccuracy } from "@attend/metrics";
import type { StoryExample } from "@attend/story-readers";
import { bestAnswer } from "./probabilities.ts";

/** Fewer questions say too little of probabilities; most or all may be answered right. */
const fewestToCalibrate = 50;
/** Confident answers are right at least this often, on the questions to validate on. */
const confidentAccuracy = 0.9;
/** An answer that is likelier wrong than right is never confident. */
const leastThreshold = 0.5;

/** The temperature and the threshold of a reader, from its logits of questions that it was not trained on. */
export function calibrate(
  logits: readonly Float32Array[],
  examples: readonly StoryExample[],
): { temperature: number; threshold: number } {
  const known = examples.flatMap(({ answer }, i) => {
    const scores = logits[i];
    return answer < 0 || scores === undefined ? [] : [{ answer, scores }];
  });
  const temperature =
    known.length < fewestToCalibrate
      ? 1
      : fitTemperature(
          known.map(({ scores }) => scores),
          known.map(({ answer }) => answer),
        );
  const best = logits.map((scores) => bestAnswer(scores, temperature));
  const chosen = thresholdForAccuracy(
    best.map(({ probability }) => probability),
    examples.map(({ answer }, i) => best[i]?.answer === answer),
    confidentAccuracy,
  );
  // If nearly all were right, the least of their probabilities would say little; a calibrated one says it itself.
  const threshold =
    chosen === undefined
      ? 1
      : Math.min(Math.max(chosen.threshold, leastThreshold), confidentAccuracy);
  return { temperature, threshold };
}
