import { statSync } from "node:fs";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { type CaptionedImage, nameSome } from "@attend/datasets";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { firstDifference } from "@attend/runtime/config";
import { buildVocabulary, fitMinCount, specialTokens, type Vocabulary } from "@attend/text";
import type { CaptionerConfig } from "./config.ts";
import { tokenizeCaptions } from "./examples.ts";
import { type CaptioningModel, captioners, kindOf } from "./model.ts";
import type { CaptionerTraining } from "./training-config.ts";

/** What a captioner is trained on, and how. */
export interface TrainingData {
  readonly config: CaptionerTraining;
  readonly train: readonly CaptionedImage[];
  /** Never trained on: chooses the best weights and is what the figures are of. */
  readonly validation: readonly CaptionedImage[];
}

/** What a training starts with. */
export interface TrainingStart {
  /** A captioner's folder, or PyTorch's safetensors of EfficientNet-Lite. */
  readonly startFrom: string;
  /** Only the encoder is taken, and not the words and the decoder of a whole captioner. */
  readonly encoderOnly: boolean;
}

/** Is told what a person has to know, in a line. */
type Warn = (message: string) => void;

/** @throws AttendError BAD_DATA where there is too little to train on or to choose the best weights by. */
export function checkData({ config, train, validation }: TrainingData): void {
  const lack = (what: string) => new AttendError("BAD_DATA", what);
  if (train.length === 0) {
    throw lack("no photo is left to train on, all are validation photos; give more photos");
  }
  // Each word of a single photo is in every photo, so that CIDEr-D is 0 whatever is said.
  if (validation.length < 2) {
    throw lack(
      `${validation.length} validation photo${validation.length === 1 ? " is" : "s are"} too few to tell good weights from bad; hold out 2 or more (of ${train.length + validation.length}), by --held-out, --validation-captions or a larger part val`,
    );
  }
  for (const [index, stage] of config.stages.entries()) {
    if (stage.name !== "self-critical") continue;
    const count = train.filter(({ captions }) => captions.length >= stage.minCaptions).length;
    if (count >= 2) continue;
    throw lack(
      `stage ${index + 1} (self-critical) takes photos with ${stage.minCaptions} captions or more, but ${count} of ${train.length} are such; lower its minCaptions or leave the stage out`,
    );
  }
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

/** Of the running words; with more unknown, what a model says lacks its nouns, or is empty. */
const maxUnknown = 0.2;

/**
 * The config with a `vocabulary.minCount` that leaves most words known. It is the same whenever it is made
 * from the same captions, and stages note it in their origin.
 */
export function fitWords(
  { config, train }: TrainingData,
  { encoderOnly }: TrainingStart,
  warn: Warn,
): CaptionerTraining {
  if (!encoderOnly) return config;
  const asked = config.vocabulary.minCount;
  const options = { minCount: asked, maxUnknown };
  const { minCount, askedUnknown } = fitMinCount(train.flatMap(tokenizeCaptions), options);
  if (minCount === asked) return config;
  warn(
    `words that occur fewer than ${asked} times are ${percent(askedUnknown)} of these captions; those that occur ${minCount === 1 ? "once" : `${minCount} times`} are learnt, too (vocabulary.minCount ${minCount})`,
  );
  return { ...config, vocabulary: { ...config.vocabulary, minCount } };
}

/** The words of the training captions. */
function buildWords({ config, train }: TrainingData): Vocabulary {
  const { minCount } = config.vocabulary;
  const vocabulary = buildVocabulary(train.flatMap(tokenizeCaptions), { minCount });
  if (vocabulary.size > specialTokens.length) return vocabulary;
  throw new AttendError(
    "BAD_DATA",
    `the captions of ${train.length} photos hold no word to learn, only marks; give captions in words`,
  );
}

/** @throws AttendError BAD_DATA where a model that training goes on from knows too few of the words. */
function checkWords({ train }: TrainingData, from: string, known: Vocabulary, warn: Warn): void {
  const words = train.flatMap(tokenizeCaptions).flat();
  const unknown = words.filter((word) => !known.has(word));
  const share = unknown.length / Math.max(words.length, 1);
  if (share <= maxUnknown) return;
  const message = `${from} does not know ${percent(share)} of the words of these captions (${nameSome([...new Set(unknown)])}), and learns no new ones; give --encoder-only where they matter`;
  if (share > 0.5) throw new AttendError("BAD_DATA", message);
  warn(message);
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

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
