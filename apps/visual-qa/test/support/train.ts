import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { QuestionOnPhoto } from "../../src/dataset.ts";
import {
  type AnswererTraining,
  type AnswererTrainingRun,
  readTrainingConfig,
  trainAnswerer,
} from "../../src/training.ts";

/** Trains a small network on small pictures. */
export const settings = {
  model: {
    encoder: { kind: "small-cnn", imageSize: 24, widths: [8, 16], momentum: 0.3 },
    imageSize: 24,
    fusion: {
      ...{ kind: "low-rank-bilinear", glimpses: 1, embeddingSize: 16, size: 32 },
      question: { kind: "gru", size: 24 },
    },
    dropout: 0,
  },
  minCount: 1,
  batchSize: 24,
  encoder: "end-to-end",
  training: {
    epochs: 30,
    schedule: { name: "cosine" },
    optimizer: { name: "adam", learningRate: 0.01 },
    clipNorm: 5,
  },
};

/** The settings of a single epoch. */
export const short = { training: { ...settings.training, epochs: 1 } };

/** The settings with other values for some keys, as read from a file. */
export async function configOf(folder: string, changes: object = {}): Promise<AnswererTraining> {
  const file = join(folder, "config.json");
  await writeFile(file, JSON.stringify({ ...settings, ...changes }));
  return readTrainingConfig(file);
}

/** Trains and validates on the same questions; writes `folder/out`. */
export async function train(
  rows: readonly QuestionOnPhoto[],
  folder: string,
  changes?: object,
  options?: Partial<AnswererTrainingRun>,
) {
  return trainAnswerer({
    config: await configOf(folder, changes),
    train: rows,
    validation: rows,
    out: join(folder, "out"),
    start: { startFrom: undefined, encoderOnly: false },
    resume: false,
    signal: new AbortController().signal,
    onEvent: () => {},
    ...options,
  });
}
