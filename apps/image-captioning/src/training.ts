import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Augmentation } from "@attend/cnn-encoder";
import {
  cacheFeatures,
  featureReader,
  freshReader,
  type ReadFeatures,
} from "@attend/cnn-encoder/features";
import type { CaptionScores } from "@attend/metrics";
import { fingerprint, loadWeights, saveWeights } from "@attend/nn";
import { writeFileAtomic } from "@attend/runtime/files";
import { tokenize } from "@attend/text";
import { readLog, type TrainingTask, train } from "@attend/training";
import { plotCurvesPng } from "@attend/training/plot";
import { evaluateModel } from "./evaluate.ts";
import { type Example, encodeExamples } from "./examples.ts";
import { type CaptioningModel, captioners } from "./model.ts";
import { checkData, fitWords, startModel } from "./prepare.ts";
import { leaveOutBroken } from "./readable.ts";
import type { CaptionerTrainingRun } from "./run.ts";
import {
  checkOrigin,
  hashPhotos,
  noteOrigin,
  openRunFolder,
  originOf,
  type StageOrigin,
} from "./run-folder.ts";
import { decoderTask } from "./stages/decoder.ts";
import { endToEndTask } from "./stages/end-to-end.ts";
import { selfCriticalTask } from "./stages/self-critical.ts";
import type { Stage, WatchedMetric } from "./training-config.ts";

/** Below a training's folder: what the encoder made of the photos. */
const featureFolder = "features";

/** What came of a training. */
export interface TrainedCaptioner {
  /** Of the trained model, float16 as it was written, on the validation photos. */
  readonly scores: CaptionScores;
  readonly validationPhotos: number;
  /** Photos that could not be read. */
  readonly leftOut: number;
}

/**
 * Trains a captioner stage by stage and writes its folder, `out/model`. Every stage starts from the best
 * weights of the one before; with `resume` a training goes on exactly where it ended. Photos that cannot
 * be read are left out.
 */
export async function trainCaptioner(given: CaptionerTrainingRun): Promise<TrainedCaptioner> {
  checkData(given);
  const config = fitWords(given);
  const { out } = given;
  const model = await startModel({ ...given, config });
  let run: CaptionerTrainingRun;
  let leftOut: number;
  try {
    const { network, tokens: vocabulary } = model;
    await openRunFolder(out, given.resume, vocabulary);
    const readable = await leaveOutBroken(given);
    leftOut = readable.leftOut;
    run = { ...given, config, ...readable };
    if (leftOut > 0) checkData(run);
    const decoder = run.start.encoderOnly ? {} : { decoder: fingerprint(network.decoder) };
    const examples = encodeExamples(run.train, vocabulary);
    const data = hashPhotos(run.train, run.validation);
    for (const [index, stage] of config.stages.entries()) {
      const directory = join(out, `${index + 1}-${stage.name}`);
      const weights = join(directory, "model.safetensors");
      const origin = originOf(config, stage, {
        data,
        encoder: fingerprint(network.encoder),
        ...decoder,
      });
      await checkOrigin(directory, origin, existsSync(weights));
      if (!existsSync(weights)) {
        run.report.stage(stage.name, index + 1, config.stages.length);
        await trainStage(run, model, examples, { stage, directory, origin });
        await saveWeights(network, weights);
      }
      await loadWeights(network, weights);
    }
    await captioners.save(model, join(out, "model"));
  } finally {
    model.network.dispose();
  }
  const saved = await captioners.load(join(out, "model"));
  try {
    const scores = await validateFresh(run, saved);
    return { scores, validationPhotos: run.validation.length, leftOut };
  } finally {
    saved.network.dispose();
  }
}

async function trainStage(
  run: CaptionerTrainingRun,
  model: CaptioningModel,
  examples: readonly Example[],
  { stage, directory, origin }: { stage: Stage; directory: string; origin: StageOrigin },
): Promise<void> {
  const { maxWords } = run.config.vocabulary;
  const fit = async <Plan, Batch>(task: TrainingTask<Plan, Batch>) => {
    // Not before the photos are encoded: one that is broken leaves a folder that is as good as new.
    await noteOrigin(directory, origin, model.tokens);
    const { paths } = await train(task, stage.training, {
      out: directory,
      resume: run.resume,
      signal: run.signal,
      onEvent: run.report.event,
    });
    await loadWeights(task.module, paths.best);
    const title = basename(directory);
    await writeFileAtomic(
      join(directory, "curves.png"),
      await plotCurvesPng(await readLog(paths.log), { title }),
    );
  };
  if (stage.name === "end-to-end") {
    // Gigabytes of an encoder that is about to change.
    await rm(join(run.out, featureFolder), { recursive: true, force: true });
    const validate = async () => flat(await validateFresh(run, model));
    return fit({ ...endToEndTask(model, examples, stage, maxWords), validate });
  }
  const used = stage.name === "decoder" ? examples : manyCaptioned(examples, stage.minCaptions);
  const files = used.map(({ file }) => file);
  await withFeatures(run, model, files, stage.augmentation, async (read, readValidation) => {
    const validate = async () => flat(await validateOn(run, model, readValidation));
    if (stage.name === "decoder") {
      return fit({ ...decoderTask(model, used, read, stage, maxWords), validate });
    }
    return fit({ ...selfCriticalTask(model, used, read, stage), validate });
  });
}

function manyCaptioned(examples: readonly Example[], minCaptions: number): Example[] {
  return examples.filter(({ captions }) => captions.length >= minCaptions);
}

/** Readers of the photos of `files` and of the validation photos, for as long as `use` takes. */
async function withFeatures(
  run: CaptionerTrainingRun,
  model: CaptioningModel,
  files: readonly string[],
  augmentation: Augmentation | undefined,
  use: (read: ReadFeatures, readValidation: ReadFeatures) => Promise<void>,
): Promise<void> {
  const validationFiles = run.validation.map(({ file }) => file);
  if (augmentation !== undefined) {
    const { imageSize } = model.config.encoder;
    const reader = freshReader(model.network.encoder, imageSize, files, augmentation);
    const validationReader = freshReader(model.network.encoder, imageSize, validationFiles);
    try {
      return await use(reader.read, validationReader.read);
    } finally {
      reader.dispose();
      validationReader.dispose();
    }
  }
  const requests = [
    ...validationFiles.map((file) => ({ file, mirrored: false })),
    ...files.map((file) => ({ file, mirrored: true })),
  ];
  const cache = await cacheFeatures(
    model.network.encoder,
    model.config.encoder.imageSize,
    requests,
    join(run.out, featureFolder),
    { onProgress: run.report.features, signal: run.signal },
  );
  try {
    await use(featureReader(cache, files), featureReader(cache, validationFiles));
  } finally {
    await cache.close();
  }
}

/** Validates with the encoder as it is now. */
async function validateFresh(
  run: CaptionerTrainingRun,
  model: CaptioningModel,
): Promise<CaptionScores> {
  const files = run.validation.map(({ file }) => file);
  const reader = freshReader(model.network.encoder, model.config.encoder.imageSize, files);
  try {
    return await validateOn(run, model, reader.read);
  } finally {
    reader.dispose();
  }
}

async function validateOn(
  run: CaptionerTrainingRun,
  model: CaptioningModel,
  read: ReadFeatures,
): Promise<CaptionScores> {
  const references = run.validation.map(({ captions }) =>
    captions.map(({ text }) => tokenize(text)),
  );
  return (await evaluateModel(model, read, references)).scores;
}

function flat({ bleu, rougeL, cider, ciderD, meteor }: CaptionScores) {
  const [bleu1, bleu2, bleu3, bleu4] = bleu;
  return { bleu1, bleu2, bleu3, bleu4, rougeL, cider, ciderD, meteor } satisfies Record<
    WatchedMetric,
    number
  >;
}
