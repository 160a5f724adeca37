import { statSync } from "node:fs";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { firstDifference } from "@attend/runtime/config";
import type { CaptionerConfig } from "./config.ts";
import { buildWords, checkWords, type TrainingData, type Warn } from "./dataset.ts";
import { type CaptioningModel, captioners, kindOf } from "./model.ts";

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
    const model = captioners.create(config.model, buildWords(data), random);
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
    const difference = firstDifference(kindOf(source.config), kindOf(config.model), "model");
    if (difference !== undefined) {
      const { path, saved, given } = difference;
      const message = `${startFrom} does not match the config: ${path} is ${saved} there, but ${given} in the config; make them the same, or use --encoder-only to start from its encoder alone`;
      throw new AttendError("BAD_CONFIG", message);
    }
    checkWords(data, startFrom, source.tokens, warn);
    const model = captioners.create(config.model, source.tokens, random);
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
  if (!isFolder(weights)) {
    const source = await loadPytorchEfficientNetLite(weights, { variant });
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
    assignWeights(network.encoder, readWeights(source.network.encoder), weights);
  } finally {
    source.network.dispose();
  }
}

/** Whether a path is a folder, and so a captioner's. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
