import { basename } from "node:path";
import { fitTemperature, thresholdForAccuracy } from "@attend/metrics";
import type { ShowExamples } from "@attend/training";
import { answerOf, type QuestionOnPhoto } from "./dataset.ts";
import { type EvaluateOptions, scoreAnswers, scoreQuestions } from "./evaluate.ts";
import type { AnswererModel } from "./model.ts";
import { bestAnswer, isEachByItself, probabilitiesOf } from "./probabilities.ts";
import type { Scored } from "./scored.ts";

/** Fewer questions say too little of probabilities; most or all may be answered right. */
const fewestToCalibrate = 100;
/** Confident answers are right at least this often, on the questions to validate on. */
const confidentAccuracy = 0.7;

/**
 * The accuracy of all answers, and the loss of those that are among the candidates.
 *
 * @param options.show receives some of the answers
 */
export async function measure(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  { show, ...options }: EvaluateOptions & { readonly show?: ShowExamples },
): Promise<{ accuracy: number; loss: number }> {
  const scored = await scoreQuestions(model, rows, options);
  const answers = scored.map((each) => bestAnswer(each, model.config));
  const { accuracy } = scoreAnswers(rows, answers);
  show?.(
    rows.map((row, i) => ({
      input: `${basename(row.file)}: ${row.question}`,
      expected: answerOf(row),
      output: answers[i]?.answer ?? "",
    })),
  );
  const losses = ofAll(scored, rows).map(
    ({ logits, label }) => -Math.log(probabilitiesOf(logits, model.config)[label] ?? 0),
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
  const scored = await scoreQuestions(model, rows, options);
  const outcomes = isEachByItself(model.config) ? ofBest(scored, rows) : ofAll(scored, rows);
  if (outcomes.length === 0) return model;
  const temperature =
    outcomes.length < fewestToCalibrate
      ? 1
      : fitTemperature(
          outcomes.map(({ logits }) => logits),
          outcomes.map(({ label }) => label),
        );
  const config = { ...model.config, temperature };
  const answers = scored.map((each) => bestAnswer(each, config));
  const chosen = thresholdForAccuracy(
    answers.map(({ probability }) => probability),
    rows.map((row, i) => answers[i]?.answer === answerOf(row)),
    confidentAccuracy,
  );
  return { ...model, config: { ...config, threshold: chosen?.threshold ?? 1 } };
}

/** Logits, and which of them is right. */
interface LabeledLogits {
  readonly logits: ArrayLike<number>;
  readonly label: number;
}

/** Of questions whose answer is among the candidates. */
function ofAll(scored: readonly Scored[], rows: readonly QuestionOnPhoto[]): LabeledLogits[] {
  const expected = rows.map(answerOf);
  return scored.flatMap(({ answers, logits }, row) => {
    const label = answers.indexOf(expected[row] ?? "");
    return label === -1 ? [] : { logits, label };
  });
}

/** Of the best answer, which is right or not: sigmoid(x) is the softmax of x and 0. */
function ofBest(scored: readonly Scored[], rows: readonly QuestionOnPhoto[]): LabeledLogits[] {
  const expected = rows.map(answerOf);
  return scored.map(({ answers, logits }, row) => {
    const best = Math.max(...logits);
    return { logits: [best, 0], label: answers[logits.indexOf(best)] === expected[row] ? 0 : 1 };
  });
}
