import { join } from "node:path";
import {
  createTrainingProgress,
  formatDuration,
  overrideTraining,
  superviseTraining,
  writeLine,
} from "@attend/cli-kit";
import { createRandom } from "@attend/runtime/random";
import {
  defaultRecognizerTraining,
  type Recording,
  readRecognizerTraining,
  readTranscripts,
  trainRecognizer,
} from "@attend/speech-recognition/training";
import type { LearnFlags } from "./learn-flags.ts";

/** `attend-interpret train --recordings`: without --validation, a fifth of the recordings is held out. */
export async function learnRecordings(folder: string, flags: LearnFlags): Promise<void> {
  const { out, resume, quiet, config: configFile, validation: folders } = flags;
  const given = await readTranscripts(folder);
  const base =
    configFile === undefined
      ? defaultRecognizerTraining()
      : await readRecognizerTraining(configFile);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  const { recordings, validation } =
    folders === undefined
      ? split(given, flags.heldOut ?? 0.2, config.training.seed)
      : { recordings: given, validation: (await Promise.all(folders.map(readTranscripts))).flat() };
  const progress = createTrainingProgress({ quiet, metrics: ["wer", "cer", "loss"] });
  const { scores, seconds } = await superviseTraining(progress, flags, (signal) =>
    trainRecognizer({
      ...{ config, recordings, validation, out, resume, signal, onEvent: progress.event },
    }),
  );
  await writeLine(
    `${join(out, "model")}: learned from ${recordings.length} recordings in ${formatDuration(seconds)}, WER ${(100 * scores.wer).toFixed(1)} % on ${validation.length} others`,
  );
}

/** Holds some recordings out, a fraction below 1 or a count. */
function split(all: readonly Recording[], heldOut: number, seed: number) {
  const shuffled = createRandom(seed).shuffle([...all]);
  const count = heldOut < 1 ? Math.max(1, Math.round(heldOut * all.length)) : heldOut;
  return { recordings: shuffled.slice(count), validation: shuffled.slice(0, count) };
}
