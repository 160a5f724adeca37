import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Augmentation } from "@attend/cnn-encoder";
import {
  cacheFeatures,
  featureReader,
  freshReader,
  type ReadFeatures,
} from "@attend/cnn-encoder/features";
import type { CaptionScores } from "@attend/metrics";
import type { RunEvent, Stage, StartedStage } from "@attend/training";
import type { Example, TrainingData } from "./dataset.ts";
import { scorePhotos } from "./evaluate.ts";
import type { CaptioningModel } from "./model.ts";
import { decoderTask, endToEndTask } from "./tasks/cross-entropy.ts";
import { selfCriticalTask } from "./tasks/self-critical.ts";
import type { Stage as StageConfig, WatchedMetric } from "./training-config.ts";

export interface StagesOptions extends TrainingData {
  /** The folder of the training; what the encoder made of the photos is kept in it. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** The stages that the config asks for. */
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
    case "end-to-end":
      // Gigabytes of an encoder that is about to change.
      await rm(featureFolder(out), { recursive: true, force: true });
      return {
        task: endToEndTask(model, examples, stage, maxWords),
        validate: async () => flat(await scorePhotos(model, validation, { signal })),
      };
    case "self-critical": {
      const used = examples.filter(({ captions }) => captions.length >= stage.minCaptions);
      const features = await openFeatures(options, model, used, stage.augmentation);
      return { ...features, task: selfCriticalTask(model, used, features.read, stage) };
    }
  }
}

const featureFolder = (out: string) => join(out, "features");

/** Readers of the examples' photos and the validation photos, for as long as the encoder stays as it is. */
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
  const validateOn = (read: ReadFeatures) => async () =>
    flat(await scorePhotos(model, validation, { read, signal }));
  if (augmentation !== undefined) {
    const varied = freshReader(encoder, imageSize, files, augmentation);
    const plain = freshReader(encoder, imageSize, validationFiles);
    const close = () => {
      varied.dispose();
      plain.dispose();
    };
    return { read: varied.read, validate: validateOn(plain.read), close };
  }
  const requests = [
    ...validationFiles.map((file) => ({ file, mirrored: false })),
    ...files.map((file) => ({ file, mirrored: true })),
  ];
  const onProgress = (done: number, total: number) =>
    onEvent({ type: "progress", label: "encoding", unit: "pictures", done, total });
  const folder = featureFolder(out);
  const cache = await cacheFeatures(encoder, imageSize, requests, folder, { onProgress, signal });
  const validate = validateOn(featureReader(cache, validationFiles));
  return { read: featureReader(cache, files), validate, close: () => cache.close() };
}

function flat({ bleu, rougeL, cider, ciderD, meteor }: CaptionScores) {
  const [bleu1, bleu2, bleu3, bleu4] = bleu;
  return { bleu1, bleu2, bleu3, bleu4, rougeL, cider, ciderD, meteor } satisfies Record<
    WatchedMetric,
    number
  >;
}
