import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Augmentation } from "@attend/cnn-encoder";
import {
  cacheClasses,
  cacheFeatures,
  featureReader,
  freshReader,
  type ReadFeatures,
} from "@attend/cnn-encoder/features";
import type { CaptionScores } from "@attend/metrics";
import type { RunEvent, Stage, StartedStage, Validate } from "@attend/training";
import type { Example, TrainingData } from "./dataset.ts";
import { scorePhotos } from "./evaluate.ts";
import type { CaptioningModel } from "./model.ts";
import { decoderTask, endToEndTask } from "./tasks/cross-entropy.ts";
import { selfCriticalTask } from "./tasks/self-critical.ts";
import type { Stage as StageConfig, WatchedMetric } from "./training-config.ts";

export interface StagesOptions extends TrainingData {
  /** The folder of the training run; the photos' features are stored in it. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** Creates the stages of the config. */
export function createStages(
  options: StagesOptions,
  model: CaptioningModel,
  examples: readonly Example[],
): Stage[] {
  return options.config.stages.map((stage) => {
    const { name, training: config, ...settings } = stage;
    const module = name === "end-to-end" ? model.network : model.network.decoder;
    const start = () => startStage(options, model, examples, stage);
    return { name, module, config, settings, start };
  });
}

async function startStage(
  options: StagesOptions,
  model: CaptioningModel,
  examples: readonly Example[],
  stage: StageConfig,
): Promise<StartedStage> {
  const { config, validation, out, signal } = options;
  const { maxWords } = config.vocabulary;
  switch (stage.name) {
    case "decoder": {
      const features = await openFeatures(options, model, examples, stage.augmentation);
      return { ...features, task: decoderTask(model, examples, features.read, stage, maxWords) };
    }
    case "end-to-end": {
      // They take up gigabytes, and the encoder is about to change.
      await rm(featureFolder(out), { recursive: true, force: true });
      const classes = await openClasses(options, model, examples);
      return {
        task: endToEndTask(model, examples, stage, maxWords, classes?.read),
        validate: async (show) => flatten(await scorePhotos(model, validation, { signal, show })),
        ...(classes && { close: classes.close }),
      };
    }
    case "self-critical": {
      const selected = examples.filter(({ captions }) => captions.length >= stage.minCaptions);
      const features = await openFeatures(options, model, selected, stage.augmentation);
      return { ...features, task: selfCriticalTask(model, selected, features.read, stage) };
    }
  }
}

/** The classes that the encoder recognizes before it is trained, if captions can copy their names. */
async function openClasses(
  { out, signal, onEvent }: StagesOptions,
  { config, network }: CaptioningModel,
  examples: readonly Example[],
) {
  if (config.objects === undefined) return undefined;
  const files = examples.map(({ file }) => file);
  const folder = join(out, "classes");
  return cacheClasses(network.encoder, config.encoder.imageSize, files, folder, {
    onProgress: (done, total) =>
      onEvent({ type: "progress", label: "classifying", unit: "photos", done, total }),
    signal,
  });
}

const featureFolder = (out: string) => join(out, "features");

/** Opens feature readers for the examples and validation photos, valid until the encoder changes. */
async function openFeatures(
  { validation, out, signal, onEvent }: StagesOptions,
  model: CaptioningModel,
  examples: readonly Example[],
  augmentation: Augmentation | undefined,
) {
  const { encoder } = model.network;
  const { imageSize } = model.config.encoder;
  const files = examples.map(({ file }) => file);
  const validationFiles = validation.map(({ file }) => file);
  const validateOn =
    (read: ReadFeatures): Validate =>
    async (show) =>
      flatten(await scorePhotos(model, validation, { read, signal, show }));
  if (augmentation !== undefined) {
    const augmented = freshReader(encoder, imageSize, files, augmentation);
    const plain = freshReader(encoder, imageSize, validationFiles);
    const close = () => {
      augmented.dispose();
      plain.dispose();
    };
    return { read: augmented.read, validate: validateOn(plain.read), close };
  }
  const requests = [
    ...validationFiles.map((file) => ({ file, mirrored: false })),
    ...files.map((file) => ({ file, mirrored: true })),
  ];
  const onProgress = (done: number, total: number) =>
    onEvent({ type: "progress", label: "encoding", unit: "photos", done, total });
  const folder = featureFolder(out);
  const cache = await cacheFeatures(encoder, imageSize, requests, folder, { onProgress, signal });
  const validate = validateOn(featureReader(cache, validationFiles));
  return { read: featureReader(cache, files), validate, close: () => cache.close() };
}

function flatten({ bleu, rougeL, cider, ciderD, meteor }: CaptionScores) {
  const [bleu1, bleu2, bleu3, bleu4] = bleu;
  return { bleu1, bleu2, bleu3, bleu4, rougeL, cider, ciderD, meteor } satisfies Record<
    WatchedMetric,
    number
  >;
}
