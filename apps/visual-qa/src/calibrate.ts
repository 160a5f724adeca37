import { fitTemperature, thresholdForAccuracy } from "@attend/metrics";
import { answerOf, classesOf, type QuestionOnPhoto } from "./dataset.ts";
import {
  bestAnswer,
  type EvaluateOptions,
  probabilitiesOf,
  scoreAnswers,
  scoreQuestions,
} from "./evaluate.ts";
import type { AnswererModel } from "./model.ts";

/** Fewer questions say too little of probabilities; most or all may be answered right. */
const fewestToCalibrate = 100;
/** Confident answers are right at least this often, on the questions to validate on. */
const confidentAccuracy = 0.7;

/** The accuracy of all answers, and the loss of those that are classes. */
export async function measure(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  options: EvaluateOptions,
): Promise<{ accuracy: number; loss: number }> {
  const scored = await scoreQuestions(model, rows, options);
  const logits = scored.map((each) => each.logits);
  const answers = logits.map((each) => bestAnswer(each, model));
  const { accuracy } = scoreAnswers(rows, answers);
  const losses = classesOf(rows, model.tokens).flatMap((label, row) =>
    label === undefined
      ? []
      : -Math.log(probabilitiesOf(logits[row] ?? [], model.config)[label] ?? 0),
  );
  return { accuracy, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
}

/**
 * The model with a temperature that makes its probabilities right, and the threshold from which its answers are
 * accurate enough, both chosen on questions that it was not trained on.
 */
export async function calibrate(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  options: EvaluateOptions,
): Promise<AnswererModel> {
  const classes = classesOf(rows, model.tokens);
  const labels = classes.filter((label) => label !== undefined);
  if (labels.length === 0) return model;
  const scored = await scoreQuestions(model, rows, options);
  const logits = scored.map((each) => each.logits);
  const known = logits.filter((_, row) => classes[row] !== undefined);
  const temperature = labels.length < fewestToCalibrate ? 1 : fitTemperature(known, labels);
  const config = { ...model.config, temperature };
  const answers = logits.map((each) => bestAnswer(each, { ...model, config }));
  const chosen = thresholdForAccuracy(
    answers.map(({ probability }) => probability),
    rows.map((row, i) => answers[i]?.answer === answerOf(row)),
    confidentAccuracy,
  );
  return { ...model, config: { ...config, threshold: chosen?.threshold ?? 1 } };
}
