import { join } from "node:path";
import { fingerprint } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
  type Validate,
} from "@attend/training";
import { calibrate, measure } from "./calibrate.ts";
import { type Captions, wordLoader } from "./caption-words.ts";
import { type Examples, encodeQuestions, type QuestionOnPhoto } from "./dataset.ts";
import { type AnswerScores, evaluateAnswers } from "./evaluate.ts";
import { type AnswererModel, answerers } from "./model.ts";
import { openMaps, type PhotoMaps } from "./photo-maps.ts";
import { cacheSentences, readsSentences, requireMiniLm } from "./sentences.ts";
import { continueModel, createModel, readStart, type TrainingStart } from "./starting-model.ts";
import { endToEndTask, fusionTask } from "./task.ts";
import type { AnswererTraining } from "./training-config.ts";
import { unreadablePhotos } from "./unreadable.ts";

export { type AnswererTraining, defaultTraining, readTrainingConfig } from "./training-config.ts";

/** The arguments of a training run. */
export interface AnswererTrainingRun extends RunArguments {
  readonly config: AnswererTraining;
  readonly train: readonly QuestionOnPhoto[];
  /** Never trained on; chooses the best weights and calibrates the probabilities. */
  readonly validation: readonly QuestionOnPhoto[];
  /** Of photos to train on: a `word-guided` fusion learns from them what regions show. */
  readonly captions?: Captions | undefined;
  readonly start: TrainingStart;
}

/** The result of a training run. */
export interface TrainedAnswerer extends RunResult {
  /** The saved (float16) model's scores on the questions to validate on. */
  readonly scores: AnswerScores;
  /** Photos that cannot be read. */
  readonly leftOut: number;
}

/**
 * Trains a model that answers questions, calibrates its probabilities, and writes the folder of the best weights,
 * `out/model`. Questions about photos that cannot be read are skipped.
 *
 * @throws AttendError like `runTraining`; BAD_DATA without usable questions; BAD_CONFIG or BAD_WEIGHTS if the model
 *   to start from does not match the config
 */
export async function trainAnswerer(run: AnswererTrainingRun): Promise<TrainedAnswerer> {
  const { config, captions = new Map(), out, start, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Checking all photos takes a while.
  requireQuestions(run);
  requireMiniLm(config.model);
  const source = await readStart(start);
  const model =
    source === undefined
      ? await createModel(run, start.startFrom, (message) => onEvent({ type: "note", message }))
      : await continueModel(run, source);
  const { network } = model;
  const opened: { maps?: PhotoMaps; sentences?: Awaited<ReturnType<typeof cacheSentences>> } = {};
  const validating = () => {
    return { signal, read: opened.maps?.read, sentences: opened.sentences };
  };
  try {
    const { train, validation, leftOut } = await skipUnreadable(run);
    const examples = encodeExamples({ ...run, train }, model);
    const loadWords = wordLoader(network.fusion, examples.files, captions, model.tokens.words);
    if (readsSentences(model.config)) {
      const questions = [...train, ...validation].map(({ question }) => question);
      opened.sentences = await cacheSentences(questions, join(out, "sentences"), {
        signal,
        onProgress: (done, total) =>
          onEvent({ type: "progress", label: "encoding", unit: "questions", done, total }),
      });
    }
    const beside = { loadWords, sentences: opened.sentences };
    if (config.encoder === "frozen") network.encoder.setTrainable(false);
    const { training, ...rest } = config;
    const result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: {
          questions: hashOf(train),
          "questions to validate on": hashOf(validation),
          ...(captions.size > 0 && { captions: hashOfCaptions(captions) }),
          ...(source === undefined
            ? { encoder: fingerprint(network.encoder) }
            : { "starting weights": fingerprint(network) }),
        },
        config: rest,
      },
      stages: [
        {
          module: network,
          config: training,
          async start() {
            const validate: Validate = (show) =>
              measure(model, validation, { ...validating(), show });
            if (config.encoder === "end-to-end") {
              const isNew =
                start.startFrom === undefined && config.model.encoder.kind === "small-cnn";
              const options = { batchStatistics: isNew, ...beside };
              return { task: endToEndTask(network, examples, config, options), validate };
            }
            opened.maps = await openMaps(network.encoder, {
              ...{ imageSize: config.model.imageSize, augmentation: config.augmentation, signal },
              train: examples.files,
              validation: validation.map(({ file }) => file),
              folder: join(out, "features"),
              onProgress: (done, total) =>
                onEvent({ type: "progress", label: "encoding", unit: "photos", done, total }),
            });
            return {
              task: fusionTask(network, examples, config, opened.maps.readToTrain, beside),
              validate,
            };
          },
        },
      ],
      save: async (folder) =>
        answerers.save(await calibrate(model, validation, validating()), folder),
    });
    const saved = await answerers.load(join(out, "model"));
    try {
      const { scores } = await evaluateAnswers(saved, validation, validating());
      return { ...result, scores, leftOut };
    } finally {
      saved.network.dispose();
    }
  } finally {
    await opened.maps?.close();
    await opened.sentences?.close();
    network.dispose();
  }
}

/** @throws AttendError BAD_DATA without questions */
function requireQuestions({
  train,
  validation,
}: Pick<AnswererTrainingRun, "train" | "validation">): void {
  const missing = [train, validation].findIndex((rows) => rows.length === 0);
  if (missing === -1) return;
  const message = `no questions to ${missing === 0 ? "train" : "validate"} on; give some with answers`;
  throw new AttendError("BAD_DATA", message);
}

async function skipUnreadable({
  config,
  train,
  validation,
  out,
  resume,
  signal,
  onEvent,
}: AnswererTrainingRun) {
  const photos = [...train, ...validation].map(({ file }) => file);
  const { unreadable, warning } = await unreadablePhotos(photos, {
    ...{ imageSize: config.model.imageSize, training: { out, resume }, signal },
    onProgress: (done, total) =>
      onEvent({ type: "progress", label: "checking", unit: "photos", done, total }),
  });
  if (warning !== undefined) onEvent({ type: "warning", message: warning });
  const isReadable = ({ file }: QuestionOnPhoto) => !unreadable.has(file);
  const readable = { train: train.filter(isReadable), validation: validation.filter(isReadable) };
  requireQuestions(readable);
  return { ...readable, leftOut: unreadable.size };
}

/** @throws AttendError BAD_DATA if the model has none of the answers */
function encodeExamples(
  { config, train, onEvent }: AnswererTrainingRun,
  { tokens, network }: AnswererModel,
): Examples {
  const soft = config.answers.kind === "classes" && config.answers.softTargets;
  const examples = encodeQuestions(train, tokens, config.model.maxWords, (answers) =>
    network.answers.targetOf(answers, { soft }),
  );
  const { unanswerable } = examples;
  if (unanswerable === train.length) {
    const message = `the model can give none of the answers to these ${train.length} questions; use --encoder-only to learn new answers, or allow rarer or longer ones`;
    throw new AttendError("BAD_DATA", message);
  }
  if (unanswerable > 0) {
    const message = `${unanswerable} of ${train.length} questions have an answer that the model cannot give; skipped`;
    onEvent({ type: "note", message });
  }
  return examples;
}

function hashOf(rows: readonly QuestionOnPhoto[]): string {
  return contentHash(rows.flatMap(({ file, question, answers }) => [file, question, ...answers]));
}

function hashOfCaptions(captions: Captions): string {
  return contentHash([...captions].flatMap(([file, said]) => [file, ...said]));
}
