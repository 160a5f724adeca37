import { statSync } from "node:fs";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { buildVocabulary, specialTokens, type Vocabulary } from "@attend/text";
import { firstDifference } from "@attend/training";
import { tokenizeCaptions } from "./examples.ts";
import { CaptioningModel, kindOf, loadCaptioningModel } from "./model.ts";
import type { CaptionerTrainingRun } from "./training.ts";

/** @throws AttendError BAD_DATA where there is too little to train on or to choose the best weights by. */
export function checkData({ config, train, dev }: CaptionerTrainingRun): void {
  const lack = (what: string) => new AttendError("BAD_DATA", what);
  if (train.length === 0) {
    throw lack("no photo is left to train on, all are dev photos; give more photos");
  }
  // Each word of a single photo is in every photo, so that CIDEr-D is 0 whatever is said.
  if (dev.length < 2) {
    throw lack(
      `${dev.length} dev photo is too few to tell good weights from bad; hold out 2 or more (of ${train.length + dev.length}), by --dev-fraction or --dev-captions`,
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
 * What a training starts with: only an encoder (a captioner's folder, or PyTorch's safetensors of
 * EfficientNet-Lite), or a whole captioner with its words.
 */
export type TrainingStart = { readonly encoder: string } | { readonly from: string };

/**
 * The model before its first stage. The caller disposes it.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG where the config asks for another model than
 *   the one it starts from.
 */
export async function startModel(run: CaptionerTrainingRun): Promise<CaptioningModel> {
  const { config, start } = run;
  const random = createRandom(config.seed);
  if (!("from" in start)) {
    const model = new CaptioningModel(config.model, buildWords(run), random);
    return loadEncoder(model, start.encoder).then(
      () => model,
      (error) => {
        model.dispose();
        throw error;
      },
    );
  }
  const source = await loadCaptioningModel(start.from);
  try {
    const difference = firstDifference(kindOf(source.config), kindOf(config.model), "model");
    if (difference !== undefined) {
      const { path, saved, given } = difference;
      const message = `${start.from} is another model than the config asks for: ${path} is ${saved} there, ${given} in the config; make them the same, or train from the start without --from`;
      throw new AttendError("BAD_CONFIG", message);
    }
    const model = new CaptioningModel(config.model, source.vocabulary, random);
    assignWeights(model, readWeights(source), start.from);
    return model;
  } finally {
    source.dispose();
  }
}

/** The words of the training captions. */
function buildWords({ config, train }: CaptionerTrainingRun): Vocabulary {
  const { minCount } = config.vocabulary;
  const vocabulary = buildVocabulary(train.flatMap(tokenizeCaptions), { minCount });
  if (vocabulary.size > specialTokens.length) return vocabulary;
  throw new AttendError(
    "BAD_DATA",
    `no word occurs ${minCount} times in the captions of ${train.length} photos; lower vocabulary.minCount in a --config, or give more captions`,
  );
}

/**
 * Gives the model its encoder, from a captioner's folder or else from a PyTorch file.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG where it is one of another size.
 */
async function loadEncoder({ encoder, config }: CaptioningModel, weights: string): Promise<void> {
  const { variant } = config.encoder;
  if (statSync(weights, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const source = await loadPytorchEfficientNetLite(weights, { variant });
    assignWeights(encoder, readWeights(source), weights);
    return source.dispose();
  }
  const source = await loadCaptioningModel(weights);
  try {
    const given = source.config.encoder.variant;
    if (given !== variant) {
      throw new AttendError(
        "BAD_CONFIG",
        `the encoder of ${weights} is EfficientNet-Lite${given}, the config asks for Lite${variant}; change model.encoder.variant or give another --encoder`,
      );
    }
    assignWeights(encoder, readWeights(source.encoder), weights);
  } finally {
    source.dispose();
  }
}
