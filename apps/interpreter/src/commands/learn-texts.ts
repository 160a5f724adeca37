import { join } from "node:path";
import {
  createTrainingProgress,
  formatDuration,
  overrideTraining,
  superviseTraining,
  writeLine,
} from "@attend/cli-kit";
import {
  defaultRepairerTraining,
  readRepairerTraining,
  trainRepairer,
} from "@attend/text-repair/training";
import type { LearnFlags } from "./learn-flags.ts";

/** `attend-interpret train --text`. */
export async function learnTexts(
  files: readonly string[],
  validation: readonly string[],
  flags: LearnFlags,
): Promise<void> {
  const { out, resume, quiet, config: configFile } = flags;
  const base =
    configFile === undefined ? defaultRepairerTraining() : await readRepairerTraining(configFile);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  const progress = createTrainingProgress({ quiet, metrics: ["f1", "casing"] });
  const { best, seconds } = await superviseTraining(progress, flags, (signal) =>
    trainRepairer({ config, files, validation, out, resume, signal, onEvent: progress.event }),
  );
  await writeLine(
    `${join(out, "model")}: F1 of punctuation ${best.value.toFixed(3)} after ${formatDuration(seconds)}`,
  );
}
