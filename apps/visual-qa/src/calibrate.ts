import { fitTemperature, thresholdForAccuracy } from "@attend/metrics";
import { yieldTurn } from "@attend/runtime";
import { answerOf, type QuestionOnPhoto } from "./dataset.ts";
import { logitsOf, rankAnswers, scoreAnswers } from "./evaluate.ts";
import type { AnswererModel } from "./model.ts";
import type { ReadMaps } from "./task.ts";

/** Fewer questions say too little of probabilities; most or all may be answered right. */
const fewestToCalibrate = 100;
/** Confident answers are right at least this often, on the questions to validate on. */
const confidentAccuracy = 0.7;

/** Accuracy and loss of the answers that are classes. */
export async function measure(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  signal: AbortSignal,
  readerOf?: (files: readonly string[]) => ReadMaps,
): Promise<{ accuracy: number; loss: number }> {
  const logits = await allLogits(model, rows, signal, readerOf);
  const answers = logits.map((each) => rankAnswers(each, model, 1)[0]);
  const { accuracy } = scoreAnswers(
    rows,
    answers.map((best) => best ?? { answer: "", probability: 0 }),
  );
  const { labels, known } = labelsOf(model, rows);
  const losses = known.map((row, i) => {
    const each = rankAnswers(logits[row] ?? [], model, model.tokens.answers.length);
    const right = model.tokens.answers[labels[i] ?? 0];
    return -Math.log(each.find(({ answer }) => answer === right)?.probability ?? 0);
  });
  return { accuracy, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
}

/**
 * The model with a temperature that makes its probabilities right, and the threshold from which its answers are
 * accurate enough, both chosen on questions that it was not trained on.
 */
export async function calibrate(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  signal: AbortSignal,
): Promise<AnswererModel> {
  const { labels, known } = labelsOf(model, rows);
  if (known.length === 0) return model;
  const selected = known.flatMap((row) => rows[row] ?? []);
  const logits = await allLogits(model, selected, signal);
  const temperature = known.length < fewestToCalibrate ? 1 : fitTemperature(logits, labels);
  const config = { ...model.config, temperature };
  const calibrated = { ...model, config };
  const best = (await allLogits(model, rows, signal)).map(
    (each) => rankAnswers(each, calibrated, 1)[0],
  );
  const chosen = thresholdForAccuracy(
    best.map((answer) => answer?.probability ?? 0),
    best.map((answer, i) => answer?.answer === expectedAnswer(rows, i)),
    confidentAccuracy,
  );
  return { ...model, config: { ...config, threshold: chosen?.threshold ?? 1 } };
}

/** The questions whose answer is a class, and the class. */
function labelsOf({ tokens }: AnswererModel, rows: readonly QuestionOnPhoto[]) {
  const classOf = new Map(tokens.answers.map((answer, index) => [answer, index]));
  const classes = rows.map((row) => classOf.get(answerOf(row)));
  const known = [...rows.keys()].filter((row) => classes[row] !== undefined);
  return { known, labels: known.map((row) => classes[row] ?? 0) };
}

async function allLogits(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  signal: AbortSignal,
  readerOf?: (files: readonly string[]) => ReadMaps,
): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (let at = 0; at < rows.length; at += 128) {
    await yieldTurn(signal);
    const batch = rows.slice(at, at + 128);
    const files = [...new Set(batch.map(({ file }) => file))];
    all.push(...(await logitsOf(model, batch, readerOf?.(files))));
  }
  return all;
}

function expectedAnswer(rows: readonly QuestionOnPhoto[], index: number): string | undefined {
  const row = rows[index];
  return row && answerOf(row);
}
