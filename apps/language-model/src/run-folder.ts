import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
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
  /** Chooses the best weights and is not trained on; absent: the end of the text does. */
  readonly validation?: string | undefined;
  /** Without `validation`: how many characters, or which share, of the text; 0: all is trained on, and measured. */
  readonly heldOut: number;
  /** The folder of a model to go on from, whose vocabulary is kept; the config's model must be the same. */
  readonly startFrom?: string | undefined;
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainingEvent) => void;
  /** Told in a line what a person should know. */
  readonly warn: (line: string) => void;
}

/**
 * Notes what a training is made with, or refuses to go on with something else.
 *
 * @param weights the file of those that it starts from
 */
export async function noteOrigin(
  run: LanguageModelTrainingRun,
  weights: string | undefined,
): Promise<void> {
  const { config, text, validation, heldOut, out, resume } = run;
  const { training: _, ...rest } = config; // That the trainer notes itself.
  const hashOf = (content: string | Buffer) =>
    createHash("sha256").update(content).digest("hex").slice(0, 16);
  const origin = {
    text: hashOf(text),
    ...(validation === undefined ? { heldOut } : { validation: hashOf(validation) }),
    ...(weights !== undefined && { startFrom: hashOf(await readFile(weights)) }),
    config: rest,
  };
  const file = join(out, "origin.json");
  await ensureWritableDirectory(out);
  requireUntaken(out, resume);
  if (existsSync(join(out, "latest.safetensors"))) {
    await requireOrigin(out, file, origin, {
      text: "another text",
      validation: "another text to validate on",
      startFrom: "another --start-from",
    });
  } else await writeJson(file, origin);
}
