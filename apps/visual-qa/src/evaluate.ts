import { answerType } from "@attend/datasets";
import { accuracy, expectedCalibrationError, scoresByType, vqaAccuracy } from "@attend/metrics";
import { tf, yieldTurn } from "@attend/runtime";
import { answerOf, encodeQuestion, type QuestionOnPhoto, questionBatch } from "./dataset.ts";
import { encodingOf, photosOf, readPhotos } from "./images.ts";
import type { AnswererModel } from "./model.ts";
import type { ReadMaps } from "./task.ts";

/** How good answers are, 0 to 1. */
export interface AnswerScores {
  readonly questions: number;
  /** Of the answer that most people gave, after normalization. */
  readonly accuracy: number;
  /** VQA's consensus accuracy, of the questions that several people answered; absent without any. */
  readonly consensus?: number;
  /** The accuracy of yes/no, number and other answers. */
  readonly byAnswerType: Readonly<Record<string, number>>;
  /** The difference between probability and accuracy (Guo et al. 2017, eq. 3). */
  readonly calibrationError: number;
}

/** The most likely answer to a question. */
export interface Answered {
  readonly answer: string;
  readonly probability: number;
}

/** Options of {@link evaluateAnswers}. */
export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Questions that are scored at a time. */
const batchSize = 128;

/**
 * Answers questions and scores the answers. Every photo is encoded once.
 *
 * @throws AttendError INTERRUPTED if `signal` is aborted; the errors of `loadImage`; BAD_DATA without questions
 */
export async function evaluateAnswers(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  options: EvaluateOptions = {},
): Promise<{ scores: AnswerScores; answers: Answered[] }> {
  const answers = new Array<Answered>(rows.length);
  let done = 0;
  for (const group of groupsByPhoto(rows)) {
    await yieldTurn(options.signal);
    const logits = await logitsOf(model, group.rows);
    for (const [i, row] of group.indices.entries()) {
      answers[row] = bestOf(logits[i] ?? [], model);
    }
    done += group.rows.length;
    options.onProgress?.(done, rows.length);
  }
  return { scores: scoreAnswers(rows, answers), answers };
}

/** The logits of every question, in order. */
export async function logitsOf(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  readMaps?: ReadMaps,
): Promise<Float32Array[]> {
  const { network, tokens, config } = model;
  const files = [...new Set(rows.map(({ file }) => file))];
  const indexOf = new Map(files.map((file, index) => [file, index]));
  const photoOf = rows.map(({ file }) => indexOf.get(file) ?? 0);
  const question = questionBatch(
    rows.map((row) => encodeQuestion(row.question, tokens, config.maxWords)),
  );
  const photos = readMaps
    ? await readMaps([...files.keys()])
    : await readPhotos(files, config.imageSize);
  const logits = tf.tidy(() => {
    const encoding =
      photos.rank === 3
        ? encodingOf(photos as tf.Tensor3D)
        : network.encoder.encode(photos as tf.Tensor4D);
    return network.score(question, photosOf(encoding, photoOf)).logits;
  });
  const values = logits.dataSync<"float32">();
  const classes = tokens.answers.length;
  tf.dispose([photos, question.tokens, logits]);
  return rows.map((_, row) => values.slice(row * classes, (row + 1) * classes));
}

/** Accuracies and calibration of answers. */
export function scoreAnswers(
  rows: readonly QuestionOnPhoto[],
  answers: readonly Answered[],
): AnswerScores {
  const given = answers.map(({ answer }) => answer);
  const expected = rows.map(answerOf);
  const { score, perQuestion } = accuracy(given, expected);
  const byType = scoresByType(perQuestion, expected.map(answerType));
  const several = rows.flatMap((row, i) => (row.answers.length > 1 ? [i] : []));
  return {
    questions: rows.length,
    accuracy: score,
    ...(several.length > 0 && {
      consensus: vqaAccuracy(
        several.map((i) => given[i] ?? ""),
        several.map((i) => ({ answers: rows[i]?.answers ?? [] })),
      ).score,
    }),
    byAnswerType: Object.fromEntries(
      Object.entries(byType).map(([type, each]) => [type, each.score]),
    ),
    calibrationError: expectedCalibrationError(
      answers.map(({ probability }) => probability),
      perQuestion.map((right) => (right === 1 ? 1 : 0)),
    ),
  };
}

/** Probabilities of the answers, the most likely first. */
export function rankAnswers(
  logits: ArrayLike<number>,
  { config, tokens }: Pick<AnswererModel, "config" | "tokens">,
  count: number,
): Answered[] {
  const scaled = Array.from(logits, (logit) => logit / config.temperature);
  const highest = scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = scaled.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return [...powers.keys()]
    .sort((a, b) => (powers[b] ?? 0) - (powers[a] ?? 0) || a - b)
    .slice(0, count)
    .map((index) => ({
      answer: tokens.answers[index] ?? "",
      probability: (powers[index] ?? 0) / total,
    }));
}

function bestOf(logits: ArrayLike<number>, model: AnswererModel): Answered {
  return rankAnswers(logits, model, 1)[0] ?? { answer: "", probability: 0 };
}

/** Questions in batches that keep those on one photo together. */
function* groupsByPhoto(rows: readonly QuestionOnPhoto[]) {
  const order = [...rows.keys()].sort((a, b) => {
    const [one, other] = [rows[a]?.file ?? "", rows[b]?.file ?? ""];
    return one < other ? -1 : one > other ? 1 : a - b;
  });
  for (let at = 0; at < order.length; at += batchSize) {
    const indices = order.slice(at, at + batchSize);
    yield { indices, rows: indices.flatMap((index) => rows[index] ?? []) };
  }
}
