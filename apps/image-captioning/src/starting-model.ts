import { statSync } from "node:fs";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import type { CaptionerConfig } from "./config.ts";
import { buildWords, checkWords, type TrainingData, type Warn } from "./dataset.ts";
import { type CaptioningModel, captioners } from "./model.ts";

/** What training starts from. */
export interface TrainingStart {
  /** A captioner's folder, or PyTorch's safetensors of EfficientNet-Lite. */
  readonly startFrom: string;
  /** Use only the encoder, not the vocabulary and decoder of a captioner. */
  readonly encoderOnly: boolean;
}

/**
 * Creates the model before its first stage. The caller disposes it.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG if the model to start from does not match the
 *   config
 */
export async function startModel(
  data: TrainingData,
  { startFrom, encoderOnly }: TrainingStart,
  warn: Warn,
): Promise<CaptioningModel> {
  const { config } = data;
  const random = createRandom(config.seed);
  if (encoderOnly) {
    const { words, objects } = await buildWords(data);
    const model = captioners.create(
      { ...config.model, ...(objects && { objects }) },
      words,
      random,
    );
    return loadEncoder(model, startFrom).then(
      () => model,
      (error) => {
        model.network.dispose();
        throw error;
      },
    );
  }
  const source = await captioners.load(startFrom);
  try {
    const { objects } = source.config;
    if (config.vocabulary.objects !== (objects !== undefined)) {
      const message = `${startFrom} has ${objects ? "" : "no "}words for what its encoder recognizes; set vocabulary.objects to ${objects !== undefined} in the config, or use --encoder-only`;
      throw new AttendError("BAD_CONFIG", message);
    }
    const given = { ...config.model, ...(objects && { objects }) };
    captioners.requireSameKind(startFrom, source.config, given);
    checkWords(data, startFrom, source.tokens, warn);
    const model = captioners.create(given, source.tokens, random);
    assignWeights(model.network, readWeights(source.network), startFrom);
    return model;
  } finally {
    source.network.dispose();
  }
}

/**
 * Reads the settings of the encoder to start from.
 *
 * @param path a captioner's folder, or PyTorch's safetensors, whose tensors identify the variant
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS
 */
export async function encoderSettings(path: string): Promise<CaptionerConfig["encoder"]> {
  if (isFolder(path)) return (await captioners.readConfig(path)).encoder;
  let failure: unknown;
  for (const variant of [0, 1, 2] as const) {
    try {
      const encoder = await loadPytorchEfficientNetLite(path, { variant });
      encoder.dispose();
      return { variant, imageSize: encoder.imageSize };
    } catch (thrown) {
      failure ??= thrown;
    }
  }
  throw failure;
}

/**
 * Loads the model's encoder from a captioner's folder or a PyTorch file.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG if it has another size
 */
async function loadEncoder({ network, config }: CaptioningModel, weights: string): Promise<void> {
  const { variant } = config.encoder;
  const classifier = config.objects !== undefined;
  if (!isFolder(weights)) {
    const source = await loadPytorchEfficientNetLite(weights, { variant, classifier });
    assignWeights(network.encoder, readWeights(source), weights);
    return source.dispose();
  }
  const source = await captioners.load(weights);
  try {
    const actual = source.config.encoder.variant;
    if (actual !== variant) {
      throw new AttendError(
        "BAD_CONFIG",
        `the encoder of ${weights} is EfficientNet-Lite${actual}, but the config expects Lite${variant}; change model.encoder.variant or use another --start-from`,
      );
    }
    if (classifier && source.config.objects === undefined) {
      const message = `the encoder of ${weights} has lost its classifier, which vocabulary.objects needs; start from the published weights of EfficientNet-Lite`;
      throw new AttendError("BAD_CONFIG", message);
    }
    const kept = [...readWeights(source.network.encoder)].filter(
      ([name]) => classifier || !name.startsWith("classifier."),
    );
    assignWeights(network.encoder, new Map(kept), weights);
  } finally {
    source.network.dispose();
  }
}

/** Whether a path is a folder, and so a captioner's. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
