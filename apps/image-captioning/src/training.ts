import { join } from "node:path";
import type { CaptionedImage } from "@attend/datasets";
import type { CaptionScores } from "@attend/metrics";
import { fingerprint } from "@attend/nn";
import {
  contentHash,
  type RunEvent,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import {
  checkData,
  encodeExamples,
  fitWords,
  leaveOutBroken,
  type TrainingData,
} from "./dataset.ts";
import { scorePhotos } from "./evaluate.ts";
import { captioners } from "./model.ts";
import { createStages } from "./stages.ts";
import { startModel, type TrainingStart } from "./starting-model.ts";

export { captioners } from "./model.ts";
export { type CaptionerTraining, defaultTraining, readTrainingConfig } from "./training-config.ts";

/** A training with all that it is made of. */
export interface CaptionerTrainingRun extends TrainingData {
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly start: TrainingStart;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  /** Called for stages, steps, validations, notes and warnings, as they happen. */
  readonly onEvent: (event: RunEvent) => void;
}

/** What came of a training. */
export interface TrainedCaptioner extends RunResult {
  /** Of the trained model, float16 as it was written, on the validation photos. */
  readonly scores: CaptionScores;
  readonly validationPhotos: number;
  /** Photos that could not be read. */
  readonly leftOut: number;
}

/**
 * Trains a captioner stage by stage and writes its folder, `out/model`. Photos that cannot be read are
 * left out.
 *
 * @throws AttendError as `runTraining` does; BAD_DATA where the photos do not suffice
 */
export async function trainCaptioner(given: CaptionerTrainingRun): Promise<TrainedCaptioner> {
  const { start, out, resume, signal, onEvent } = given;
  const warn = (message: string) => onEvent({ type: "warning", message });
  await requireFreeFolder(out, resume); // Looking at all photos takes its time.
  checkData(given);
  const config = start.encoderOnly ? fitWords(given, warn) : given.config;
  const model = await startModel({ ...given, config }, start, warn);
  const { network, tokens } = model;
  let whole: Awaited<ReturnType<typeof leaveOutBroken>>;
  let result: RunResult;
  try {
    whole = await leaveOutBroken(given);
    const run = { ...given, ...whole, config };
    if (whole.leftOut > 0) checkData(run);
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
  const { validation, leftOut } = whole;
  const saved = await captioners.load(join(out, "model"));
  try {
    const scores = await scorePhotos(saved, validation);
    return { ...result, scores, validationPhotos: validation.length, leftOut };
  } finally {
    saved.network.dispose();
  }
}

/** Photos, by the names in their caption files, and their captions. */
function* textsOf(photos: readonly CaptionedImage[]): Generator<string> {
  for (const { id, captions } of photos) {
    yield id;
    for (const { text } of captions) yield text;
  }
}
