import { statSync } from "node:fs";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { firstDifference } from "@attend/runtime/config";
import type { CaptionerConfig } from "./config.ts";
import { buildWords, checkWords, type TrainingData, type Warn } from "./dataset.ts";
import { type CaptioningModel, captioners, kindOf } from "./model.ts";

/** What a training starts with. */
export interface TrainingStart {
  /** A captioner's folder, or PyTorch's safetensors of EfficientNet-Lite. */
  readonly startFrom: string;
  /** Only the encoder is taken, and not the words and the decoder of a whole captioner. */
  readonly encoderOnly: boolean;
}

/**
 * The model before its first stage. The caller disposes it.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG where the config asks for another model than
 *   the one it starts from.
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
      const message = `${startFrom} is another model than the config asks for: ${path} is ${saved} there, ${given} in the config; make them the same, or give --encoder-only to take no more than its encoder`;
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
 * What the encoder is that a training starts from.
 *
 * @param path a captioner's folder, or PyTorch's safetensors, whose tensors tell the variant
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
 * Gives the model its encoder, from a captioner's folder or else from a PyTorch file.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG where it is one of another size.
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
    const given = source.config.encoder.variant;
    if (given !== variant) {
      throw new AttendError(
        "BAD_CONFIG",
        `the encoder of ${weights} is EfficientNet-Lite${given}, the config asks for Lite${variant}; change model.encoder.variant or start from another by --start-from`,
      );
    }
    assignWeights(network.encoder, readWeights(source.network.encoder), weights);
  } finally {
    source.network.dispose();
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
