import { join } from "node:path";
import { encoderChannels } from "@attend/cnn-encoder";
import { fingerprint } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { learnWords } from "@attend/text";
import {
  contentHash,
  type RunEvent,
  type RunResult,
  requireFreeFolder,
  runTraining,
  type StartedStage,
} from "@attend/training";
import { calibrate, measure } from "./calibrate.ts";
import { answerClasses, encodeQuestions, type QuestionOnPhoto } from "./dataset.ts";
import { loadEncoder, openMaps } from "./encoder.ts";
import { type AnswerScores, evaluateAnswers } from "./evaluate.ts";
import { type AnswererModel, type AnswererTokens, answerers } from "./model.ts";
import { endToEndTask, fusionTask } from "./task.ts";
import type { AnswererTraining } from "./training-config.ts";

export { type AnswererTraining, defaultTraining, readTrainingConfig } from "./training-config.ts";

/** The arguments of a training run. */
export interface AnswererTrainingRun {
  readonly config: AnswererTraining;
  readonly train: readonly QuestionOnPhoto[];
  /** Never trained on; chooses the best weights and calibrates the probabilities. */
  readonly validation: readonly QuestionOnPhoto[];
  /** The folder for everything that training writes. */
  readonly out: string;
  /** A model whose encoder is used; default: the shipped captioner's, for an EfficientNet-Lite. */
  readonly startFrom: string | undefined;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  /** Called for stages, steps, validations, notes and warnings as they happen. */
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Trains a model that answers questions, calibrates its probabilities, and writes the folder of the best weights,
 * `out/model`.
 *
 * @throws AttendError like `runTraining`; BAD_DATA without usable questions; BAD_WEIGHTS if the encoder to start
 *   from does not match the config
 */
export async function trainAnswerer(
  run: AnswererTrainingRun,
): Promise<RunResult & { readonly scores: AnswerScores }> {
  const { config, train, validation, out, startFrom, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume);
  const tokens = learnTokens(run);
  const examples = encodeQuestions(train, tokens, config.model.maxWords);
  if (examples.unanswerable > 0) {
    const message = `${examples.unanswerable} of ${train.length} questions have an answer that is not among the ${tokens.answers.length} most common ones; skipped`;
    onEvent({ type: "note", message });
  }
  const model = createModel(config, tokens);
  const { network } = model;
  try {
    await loadEncoder(network.encoder, startFrom, config);
    if (config.encoder === "frozen") network.encoder.setTrainable(false);
    const { training, ...rest } = config;
    const result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: {
          questions: hashOf(train),
          "questions to validate on": hashOf(validation),
          encoder: fingerprint(network.encoder),
        },
        config: rest,
      },
      stages: [
        {
          module: network,
          config: training,
          start: async (): Promise<StartedStage> => {
            if (config.encoder === "end-to-end") {
              const task = endToEndTask(network, examples, config.model.imageSize, {
                batchSize: config.batchSize,
                batchStatistics: config.model.encoder.kind === "small-cnn",
              });
              return { task, validate: () => measure(model, validation, signal) };
            }
            const files = [...new Set([...train, ...validation].map(({ file }) => file))];
            const { imageSize } = config.model;
            const { readerOf, close } = await openMaps(
              network.encoder,
              imageSize,
              files,
              join(out, "features"),
              {
                signal,
                onProgress: (done, total) =>
                  onEvent({ type: "progress", label: "encoding", unit: "photos", done, total }),
              },
            );
            const read = readerOf(examples.files);
            const task = fusionTask(network, examples, read, config.batchSize);
            return { task, validate: () => measure(model, validation, signal, readerOf), close };
          },
        },
      ],
      save: async (folder) => answerers.save(await calibrate(model, validation, signal), folder),
    });
    const saved = await answerers.load(join(out, "model"));
    try {
      const { scores } = await evaluateAnswers(saved, validation, { signal });
      return { ...result, scores };
    } finally {
      saved.network.dispose();
    }
  } finally {
    network.dispose();
  }
}

/** @throws AttendError BAD_DATA if no question has an answer */
function learnTokens({ config, train, validation }: AnswererTrainingRun): AnswererTokens {
  const answers = answerClasses(train, config.answers);
  if (answers.length === 0 || validation.length === 0) {
    const message = `no questions to ${answers.length === 0 ? "train" : "validate"} on; give some with answers`;
    throw new AttendError("BAD_DATA", message);
  }
  const questions = train.map(({ question }) => question);
  return { words: learnWords(questions, { minCount: config.minCount }), answers };
}

function createModel(config: AnswererTraining, tokens: AnswererTokens): AnswererModel {
  const { fusion, ...model } = config.model;
  const channels = encoderChannels(model.encoder);
  const sizes = { vocabularySize: tokens.words.size, channels };
  const complete = { ...model, fusion: { ...fusion, ...sizes }, temperature: 1, threshold: 0 };
  return answerers.create(complete, tokens, createRandom(config.training.seed));
}

function hashOf(rows: readonly QuestionOnPhoto[]): string {
  return contentHash(rows.flatMap(({ file, question, answers }) => [file, question, ...answers]));
}
