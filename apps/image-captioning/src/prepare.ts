import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadPytorchEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { buildVocabulary, specialTokens, type Vocabulary } from "@attend/text";
import { tokenizeCaptions } from "./examples.ts";
import { type CaptioningModel, loadCaptioningModel, modelFiles } from "./model.ts";
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

/** The words of the training captions. */
export function buildWords({ config, train }: CaptionerTrainingRun): Vocabulary {
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
export async function loadEncoder(
  { encoder, config }: CaptioningModel,
  weights: string,
): Promise<void> {
  const { variant } = config.encoder;
  if (!existsSync(join(weights, modelFiles.config))) {
    if (statSync(weights, { throwIfNoEntry: false })?.isDirectory() === true) {
      const message = `${weights} holds no ${modelFiles.config}; give a model's folder, as \`caption train\` writes it, or PyTorch's safetensors file`;
      throw new AttendError("FILE_NOT_FOUND", message);
    }
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
