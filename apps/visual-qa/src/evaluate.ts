import { encodingOf, type ImageEncoding } from "@attend/cnn-encoder";
import { answerType, type ObjectBox } from "@attend/datasets";
import { accuracy, expectedCalibrationError, scoresByType, vqaAccuracy } from "@attend/metrics";
import { tf, yieldTurn } from "@attend/runtime";
import {
  answerOf,
  disposeQuestions,
  encodeQuestion,
  type QuestionOnPhoto,
  questionBatch,
} from "./dataset.ts";
import { photosOf, readPhotos } from "./images.ts";
import type { AnswererModel } from "./model.ts";
import type { ReadMaps } from "./photo-maps.ts";
import { type PointingScores, scorePointing } from "./pointing.ts";
import { type Answered, bestAnswer } from "./probabilities.ts";
import { type Scored, scoreAll } from "./scored.ts";
import type { Sentences } from "./sentences.ts";

/** How good answers are, 0 to 1. */
export interface AnswerScores {
  readonly questions: number;
  /** Of the answer that most people gave, after normalization. */
  readonly accuracy: number;
  /** VQA's consensus accuracy, of the questions that several people answered; absent without any. */
  readonly consensus?: number;
  /** The accuracy of yes/no, number and other answers. */
  readonly byAnswerType: Readonly<Record<string, number>>;
  /** The accuracy of the questions of each source, if sources are known. */
  readonly bySource?: Readonly<Record<string, number>>;
  /** The difference between probability and accuracy (Guo et al. 2017, eq. 3). */
  readonly calibrationError: number;
  /** If the objects are known that questions are about, and the model has attention. */
  readonly pointing?: PointingScores;
}

/** Options of {@link evaluateAnswers}. */
export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Reads the feature maps of photos, which are encoded otherwise. */
  readonly read?: ReadMaps | undefined;
  /** For a model that reads questions as sentences; without, it answers as if they were not known. */
  readonly sentences?: Sentences | undefined;
}

/** Questions that are scored at a time. */
const batchSize = 128;

/**
 * Answers questions and scores the answers.
 *
 * @param options.objects that each question is about, to score where the model looked
 * @throws AttendError INTERRUPTED if `signal` is aborted; the errors of `loadImage`; BAD_DATA without questions
 */
export async function evaluateAnswers(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  options: EvaluateOptions & {
    readonly objects?: readonly (readonly ObjectBox[])[] | undefined;
  } = {},
): Promise<{ scores: AnswerScores; answers: Answered[] }> {
  const { objects } = options;
  const scored = await scoreQuestions(model, rows, options);
  const answers = scored.map((each) => bestAnswer(each, model.config));
  const pointing = objects && scorePointing(scored, objects);
  return { scores: { ...scoreAnswers(rows, answers), ...(pointing && { pointing }) }, answers };
}

/**
 * The scores of every question, in order. Questions on the same photo are scored together.
 *
 * @throws AttendError like {@link evaluateAnswers}
 */
export async function scoreQuestions(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  options: EvaluateOptions = {},
): Promise<Scored[]> {
  const scored = new Array<Scored>(rows.length);
  let done = 0;
  for (const indices of batchesByPhoto(rows)) {
    await yieldTurn(options.signal);
    const batch = indices.flatMap((index) => rows[index] ?? []);
    const found = await scoreBatch(model, batch, options);
    for (const [i, each] of found.entries()) scored[indices[i] ?? 0] = each;
    done += batch.length;
    options.onProgress?.(done, rows.length);
  }
  return scored;
}

async function scoreBatch(
  model: AnswererModel,
  rows: readonly QuestionOnPhoto[],
  { read, sentences }: EvaluateOptions,
): Promise<Scored[]> {
  const { network, tokens, config } = model;
  const files = [...new Set(rows.map(({ file }) => file))];
  const indexOf = new Map(files.map((file, index) => [file, index]));
  const photoOf = rows.map(({ file }) => indexOf.get(file) ?? 0);
  const encoding = await encodePhotos(model, files, read);
  const question = questionBatch(
    rows.map((row) => encodeQuestion(row.question, tokens, config.maxWords)),
    await sentences?.encode(rows.map((row) => row.question)),
  );
  const image = photosOf(encoding, photoOf);
  const scored = scoreAll(network, question, image);
  tf.dispose([encoding, image.of ?? []]);
  disposeQuestions(question);
  return scored;
}

/** The caller disposes the encoding. */
async function encodePhotos(
  { network, config }: AnswererModel,
  files: readonly string[],
  read: ReadMaps | undefined,
): Promise<ImageEncoding> {
  if (read !== undefined) {
    const maps = await read(files);
    return tf.tidy(() => encodingOf(maps));
  }
  const pixels = await readPhotos(files, config.imageSize);
  const encoding = network.encoder.encode(pixels);
  pixels.dispose();
  return encoding;
}

/** Accuracies and calibration of answers. */
export function scoreAnswers(
  rows: readonly QuestionOnPhoto[],
  answers: readonly Answered[],
): AnswerScores {
  const given = answers.map(({ answer }) => answer);
  const expected = rows.map(answerOf);
  const { score, perQuestion } = accuracy(given, expected);
  const meansBy = (groups: readonly string[]) =>
    Object.fromEntries(
      Object.entries(scoresByType(perQuestion, groups)).map(([group, each]) => [group, each.score]),
    );
  const hasSources = rows.some(({ source }) => source !== undefined);
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
    byAnswerType: meansBy(expected.map(answerType)),
    ...(hasSources && { bySource: meansBy(rows.map(({ source }) => source ?? "no source")) }),
    calibrationError: expectedCalibrationError(
      answers.map(({ probability }) => probability),
      perQuestion.map((right) => (right === 1 ? 1 : 0)),
    ),
  };
}

/** The indices of questions in batches that keep those on one photo together. */
function batchesByPhoto(rows: readonly QuestionOnPhoto[]): number[][] {
  const order = [...rows.keys()].sort((a, b) => {
    const [one, other] = [rows[a]?.file ?? "", rows[b]?.file ?? ""];
    return one < other ? -1 : one > other ? 1 : a - b;
  });
  const count = Math.ceil(order.length / batchSize);
  return Array.from({ length: count }, (_, i) => order.slice(i * batchSize, (i + 1) * batchSize));
}
