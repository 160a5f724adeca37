import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "@attend/runtime/config";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { requireOrigin, requireUntaken, type TrainingEvent } from "@attend/training";
import type { LanguageModelTraining } from "./training-config.ts";

export interface LanguageModelTrainingRun {
  readonly config: LanguageModelTraining;
  readonly text: string;
  /** Names the text in errors. */
  readonly source: string;
  /** The share of the text, at its end, that chooses the best weights and is not trained on; 0: all is
   * trained on, and measured. */
  readonly validationFraction: number;
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** Notes what a training is made with, or refuses to go on with something else. */
export async function noteOrigin(run: LanguageModelTrainingRun): Promise<void> {
  const { config, text, validationFraction, out, resume } = run;
  const { training: _, ...rest } = config; // That the trainer notes itself.
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const origin = { text: hash, validationFraction, config: rest };
  const file = join(out, "origin.json");
  await ensureWritableDirectory(out);
  requireUntaken(out, resume);
  if (existsSync(join(out, "latest.safetensors"))) {
    await requireOrigin(out, file, origin, { text: "another text" });
  } else await writeJson(file, origin);
}
