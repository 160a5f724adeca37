import { formatDuration, noted, writeLine } from "@attend/cli-kit";
import { readLabeledTexts } from "@attend/datasets";
import { requireFreeFolder } from "../folder.ts";
import { trainIntentModel } from "../intents/training.ts";
import type { TrainFlags } from "./flags.ts";
import { learnOnVectors } from "./learn-on-vectors.ts";

/** `attend-chat train --intents`. */
export async function teachIntents(file: string, flags: TrainFlags): Promise<void> {
  const { out, seed, validation: validationFile } = flags;
  await requireFreeFolder(out, "intents");
  const { examples } = await noted(readLabeledTexts(file));
  const validation =
    validationFile === undefined
      ? undefined
      : (await noted(readLabeledTexts(validationFile))).examples;
  const started = Date.now();
  const intents = await learnOnVectors(flags, (vectors, learning) =>
    trainIntentModel(examples, vectors, { out, seed, validation, ...learning }),
  );
  const seconds = (Date.now() - started) / 1000;
  await writeLine(
    `${out}: ${intents.length} intents of ${examples.length} texts, learned in ${formatDuration(seconds)}`,
  );
}
