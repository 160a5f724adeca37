import { join } from "node:path";
import type { CaptionedImage } from "@attend/datasets";
import type { CaptionScores } from "@attend/metrics";
import { fingerprint } from "@attend/nn";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import {
  checkData,
  encodeExamples,
  fitWords,
  skipUnreadable,
  type TrainingData,
} from "./dataset.ts";
import { scorePhotos } from "./evaluate.ts";
import { captioners } from "./model.ts";
import { createStages } from "./stages.ts";
import { startModel, type TrainingStart } from "./starting-model.ts";

export { captioners } from "./model.ts";
export { type CaptionerTraining, defaultTraining, readTrainingConfig } from "./training-config.ts";

/** The arguments of a training run. */
export interface CaptionerTrainingRun extends TrainingData, RunArguments {
  readonly start: TrainingStart;
}

/** The result of a training run. */
export interface TrainedCaptioner extends RunResult {
  /** The saved (float16) model's scores on the validation photos. */
  readonly scores: CaptionScores;
  readonly validationPhotos: number;
  /** Photos that could not be read. */
  readonly leftOut: number;
}

/**
 * Trains a captioner stage by stage and writes its folder, `out/model`. Photos that cannot be read are
 * skipped.
 *
 * @throws AttendError like `runTraining`; BAD_DATA if there are too few photos
 */
export async function trainCaptioner(options: CaptionerTrainingRun): Promise<TrainedCaptioner> {
  const { start, out, resume, signal, onEvent } = options;
  const warn = (message: string) => onEvent({ type: "warning", message });
  await requireFreeFolder(out, resume); // Checking all photos takes a while.
  checkData(options);
  const config = start.encoderOnly ? fitWords(options, warn) : options.config;
  const model = await startModel({ ...options, config }, start, warn);
  const { network, tokens } = model;
  let readable: Awaited<ReturnType<typeof skipUnreadable>>;
  let result: RunResult;
  try {
    readable = await skipUnreadable(options);
    const run = { ...options, ...readable, config };
    if (readable.leftOut > 0) checkData(run);
    const { stages, ...rest } = config;
    result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: {
          photos: contentHash(textsOf(run.train)),
          "validation photos": contentHash(textsOf(run.validation)),
          "starting weights": fingerprint(start.encoderOnly ? network.encoder : network),
        },
        config: rest,
      },
      stages: createStages(run, model, encodeExamples(run.train, tokens)),
      save: (folder) => captioners.save(model, folder),
    });
  } finally {
    network.dispose();
  }
  const { validation, leftOut } = readable;
  const saved = await captioners.load(join(out, "model"));
  try {
    const scores = await scorePhotos(saved, validation);
    return { ...result, scores, validationPhotos: validation.length, leftOut };
  } finally {
    saved.network.dispose();
  }
}

/** The photos' names in the caption files, and their captions. */
function* textsOf(photos: readonly CaptionedImage[]): Generator<string> {
  for (const { id, captions } of photos) {
    yield id;
    for (const { text } of captions) yield text;
  }
}
