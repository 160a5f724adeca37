import { join } from "node:path";
import {
  createTrainingProgress,
  formatDuration,
  noted,
  overrideTraining,
  superviseTraining,
  type TrainFlags,
  writeLine,
} from "@attend/cli-kit";
import { readConversations, splitConversations } from "@attend/datasets";
import {
  defaultDialogueTraining,
  readDialogueTraining,
  trainDialogue,
} from "../dialogue/training.ts";

/** `attend-chat train --dialogue`: without `validation`, a tenth of the conversations is held out. */
export async function teachDialogue(
  file: string,
  flags: TrainFlags & { readonly validation?: string },
): Promise<void> {
  const { out, resume, quiet, config: configFile, validation: validationFile } = flags;
  const given = await read(file);
  const split = { heldOut: flags.heldOut ?? 0.1, seed: 1 };
  const { train: conversations, heldOut: validation } =
    validationFile === undefined
      ? splitConversations(given, split)
      : { train: given, heldOut: await read(validationFile) };
  const base =
    configFile === undefined ? defaultDialogueTraining() : await readDialogueTraining(configFile);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  const progress = createTrainingProgress({ quiet, metrics: ["loss"] });
  const { best, seconds } = await superviseTraining(progress, flags, (signal) =>
    trainDialogue({
      ...{ config, conversations, validation, out, resume, signal, onEvent: progress.event },
    }),
  );
  const perplexity = Math.exp(best.value).toFixed(1);
  await writeLine(
    `${join(out, "model")}: learned from ${conversations.length} conversations in ${formatDuration(seconds)}, perplexity ${perplexity} per token on ${validation.length} others`,
  );
}

async function read(file: string) {
  return (await noted(readConversations(file))).conversations;
}
