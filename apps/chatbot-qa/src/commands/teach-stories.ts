import { join } from "node:path";
import {
  createTrainingProgress,
  formatDuration,
  overrideTraining,
  superviseTraining,
  writeLine,
} from "@attend/cli-kit";
import { splitStories } from "@attend/datasets";
import { requireFreeFolder } from "@attend/training";
import { defaultStoryTraining, readStoryTraining, trainStories } from "../stories/training.ts";
import type { TrainFlags } from "./flags.ts";
import { readStories } from "./read-stories.ts";

/** `attend-chat train --stories`: without `validation`, a tenth of the stories is held out. */
export async function teachStories(file: string, flags: TrainFlags): Promise<void> {
  const {
    out,
    resume,
    quiet,
    config: configFile,
    validation: validationFile,
    heldOut = 0.1,
  } = flags;
  await requireFreeFolder(out, resume);
  const given = await readStories(file);
  const { train, heldOut: validation } =
    validationFile === undefined
      ? splitStories(given, { heldOut, seed: 1 })
      : { train: given, heldOut: await readStories(validationFile) };
  const base =
    configFile === undefined ? defaultStoryTraining() : await readStoryTraining(configFile);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  const progress = createTrainingProgress({ quiet, metrics: ["error", "loss"] });
  const { best, seconds } = await superviseTraining(progress, flags, (signal) =>
    trainStories({
      ...{ config, train, validation, out, resume, signal },
      onEvent: progress.event,
    }),
  );
  const right = (100 * (1 - best.value)).toFixed(1);
  await writeLine(
    `${join(out, "model")}: learned from ${train.length} questions in ${formatDuration(seconds)}, ${right} % right of ${validation.length} others`,
  );
}
