import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createTrainingProgress } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime";
import { firstDifference, parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { readLog } from "@attend/training";
import { z } from "zod";
import { answerers, evaluateAnswers } from "../../../apps/visual-qa/src/index.ts";
import { readTrainingConfig, trainAnswerer } from "../../../apps/visual-qa/src/training.ts";
import { median } from "../../support/measure.ts";
import { type FusionSet, scoreTest } from "./sets.ts";

const measuredSchema = z.strictObject({
  /** A result is used again only with the same settings. */
  settings: z.unknown(),
  /** Whether the machine was busy at the start. */
  busy: z.boolean(),
  /** Of fusion and answers, without the encoder. */
  parameters: z.number(),
  /** Of training steps, without validation. */
  secondsPerEpoch: z.number(),
  epochs: z.number(),
  bestEpoch: z.number(),
  /** On the test, by name. */
  scores: z.record(z.string(), z.number()),
});

/** What was measured of a fusion. */
export type Measured = z.output<typeof measuredSchema>;

/**
 * Trains a model with a fusion of this kind and its default options, and measures it, unless that is already done. An
 * engine must be loaded.
 *
 * @param options.out the folder of the set's results
 * @throws AttendError BAD_CONFIG if the result was measured with other settings; INTERRUPTED
 */
export async function measureFusion(
  set: FusionSet,
  kind: string,
  options: { out: string; epochs: number | undefined; busy: boolean; signal: AbortSignal },
): Promise<Measured> {
  const { out, epochs = set.epochs, busy, signal } = options;
  const { train, validation, test } = set;
  const config = configOf(set, kind, epochs);
  const questions = { train: train.length, validation: validation.length, test: test.length };
  const settings = { ...config, questions };
  const folder = join(out, kind);
  const file = join(folder, "measured.json");
  const measured = await readMeasured(file, settings);
  if (measured !== undefined) return measured;
  await shareFeatures(folder, join(out, "features"));
  const configFile = join(folder, "config.json");
  await writeJson(configFile, config);
  process.stderr.write(`${set.name}, ${kind}\n`);
  const progress = createTrainingProgress({ quiet: false, metrics: ["accuracy", "loss"] });
  const result = await trainAnswerer({
    ...{ train, validation, out: folder, resume: true, signal },
    start: { startFrom: undefined, encoderOnly: false },
    config: await readTrainingConfig(configFile),
    onEvent: progress.event,
  }).finally(progress.stop);
  const model = await answerers.load(join(folder, "model"));
  const { answers } = await evaluateAnswers(model, test, { signal });
  const { fusion, answers: classes } = model.network;
  const made: Measured = {
    ...{ settings, busy },
    parameters: fusion.parameterCount() + classes.parameterCount(),
    secondsPerEpoch: train.length * (await secondsPerQuestion(folder)),
    epochs: result.epoch,
    bestEpoch: Math.round((result.best.step / result.step) * result.epoch),
    scores: await scoreTest(
      set,
      answers.map(({ answer }) => answer),
    ),
  };
  model.network.dispose();
  await writeJson(file, made);
  return made;
}

/** The config for `attend-vqa train`: everything but the fusion is the same for all. */
function configOf({ encoder, imageSize, training }: FusionSet, kind: string, epochs: number) {
  return {
    model: { encoder, imageSize, fusion: { kind }, dropout: 0.5 },
    minCount: 1,
    // With all their questions, so that each is encoded, or read, once.
    photosPerBatch: 16,
    encoder: training,
    training: {
      epochs,
      optimizer: { name: "adam", learningRate: 1e-3 },
      schedule: { name: "cosine", warmupSteps: 100 },
      clipNorm: 5,
      tensorboard: false,
    },
  };
}

async function readMeasured(file: string, settings: object): Promise<Measured | undefined> {
  if (!existsSync(file)) return undefined;
  const measured = parseConfig(measuredSchema, await readJson(file), file);
  const difference = firstDifference(measured.settings, settings);
  if (difference === undefined) return measured;
  const { path, saved, given } = difference;
  const message = `${file} was measured with another ${path} (it was ${saved}, now it is ${given}); use the old one, or another --out`;
  throw new AttendError("BAD_CONFIG", message);
}

/** A frozen encoder's feature maps are the same for all fusions. */
async function shareFeatures(folder: string, features: string): Promise<void> {
  await mkdir(features, { recursive: true });
  await mkdir(folder, { recursive: true });
  const link = join(folder, "features");
  if (!existsSync(link)) await symlink(features, link, "junction");
}

/** Of training steps, from the log, which survives an interruption. */
async function secondsPerQuestion(folder: string): Promise<number> {
  const log = await readLog(join(folder, "log.jsonl"));
  return median(log.flatMap((entry) => (entry.type === "step" ? 1 / entry.itemsPerSecond : [])));
}
