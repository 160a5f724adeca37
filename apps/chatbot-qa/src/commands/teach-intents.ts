import {
  createProgress,
  formatDuration,
  interruptible,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { type LabeledText, readLabeledTexts } from "@attend/datasets";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { requireFreeFolder } from "../folder.ts";
import { trainIntentModel } from "../intents/training.ts";
import type { TrainFlags } from "./flags.ts";

/** `attend-chat train --intents`. */
export async function teachIntents(file: string, flags: TrainFlags): Promise<void> {
  const { out, seed, engine, quiet } = flags;
  await requireFreeFolder(out, "intents");
  const examples = await read(file);
  const validation = flags.validation === undefined ? undefined : await read(flags.validation);
  const started = Date.now();
  const vectors = await loadSentenceVectors(flags.vectors, { engine });
  if (vectors.advice !== undefined && !quiet) writeNote(`note: ${vectors.advice}`);
  const progress = createProgress({ total: 1, label: "learning", unit: "steps", quiet });
  try {
    const intents = await interruptible((signal) =>
      trainIntentModel(examples, vectors, {
        ...{ out, seed, validation, signal },
        onProgress: (done, total) => progress.update(done, {}, total),
      }),
    );
    progress.stop();
    const seconds = (Date.now() - started) / 1000;
    await writeLine(
      `${out}: ${intents.length} intents of ${examples.length} texts, learned in ${formatDuration(seconds)}`,
    );
  } finally {
    progress.stop();
    vectors.dispose();
  }
}

async function read(file: string): Promise<readonly LabeledText[]> {
  const { examples, warnings } = await readLabeledTexts(file);
  for (const warning of warnings) writeNote(`warning: ${warning}`);
  return examples;
}
