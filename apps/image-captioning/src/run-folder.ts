import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CaptionedImage } from "@attend/datasets";
import { firstDifference, readJson, writeJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { parseVocabulary, type Vocabulary } from "@attend/text";
import type { CaptionerTraining, Stage } from "./training-config.ts";

/**
 * Makes the folder of a training, or checks that a training may go on in it.
 *
 * @throws AttendError WRITE_FAILED; BAD_ARGUMENT where it holds a training and `resume` is not set;
 *   BAD_DATA where that training has another vocabulary.
 */
export async function openRunFolder(
  out: string,
  resume: boolean,
  vocabulary: Vocabulary,
): Promise<void> {
  await ensureWritableDirectory(out);
  const held = (await readdir(out)).filter((name) =>
    /^(vocabulary\.json|\d+-(decoder|end-to-end|self-critical))$/.test(name),
  );
  if (held.length > 0 && !resume) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${out} already holds a training (${held.join(", ")}); go on with it by --resume, or train into another folder by --out`,
    );
  }
  const file = join(out, "vocabulary.json");
  if (!existsSync(file)) return;
  const former = parseVocabulary(await readJson(file), file);
  if (JSON.stringify(former) === JSON.stringify(vocabulary)) return;
  throw new AttendError(
    "BAD_DATA",
    `${file} holds the words of other captions or of another vocabulary.minCount; resume with the same, or train into another folder by --out`,
  );
}

/** What a stage's weights depend on besides chance, which is seeded. */
export interface StageOrigin {
  /** A hash of photos and captions. */
  readonly data: string;
  /** A hash of the encoder's weights before the stage. */
  readonly encoder: string;
  /** A hash of the decoder's weights before the first stage, where it starts from a whole model. */
  readonly decoder?: string;
  readonly config: Pick<CaptionerTraining, "seed" | "model" | "vocabulary"> & {
    readonly stage: Omit<Stage, "training">;
  };
  /** But for the keys that change no weight. */
  readonly training: Partial<Stage["training"]>;
}

export function originOf(
  { seed, model, vocabulary }: CaptionerTraining,
  { training, ...stage }: Stage,
  hashes: Pick<StageOrigin, "data" | "encoder" | "decoder">,
): StageOrigin {
  const { checkpointEvery: _, logEvery: __, tensorboard: ___, ...decisive } = training;
  return { ...hashes, config: { seed, model, vocabulary, stage }, training: decisive };
}

/** Notes what a stage is made with and the words of the training, where that is not noted already. */
export async function noteOrigin(
  directory: string,
  origin: StageOrigin,
  vocabulary: Vocabulary,
): Promise<void> {
  const words = join(dirname(directory), "vocabulary.json");
  if (!existsSync(words)) await writeFileAtomic(words, JSON.stringify(vocabulary));
  const file = originFile(directory);
  if (existsSync(file)) return;
  await ensureWritableDirectory(directory);
  await writeJson(file, origin);
}

/** @throws AttendError BAD_CONFIG where the stage was begun with something else, telling what. */
export async function checkOrigin(
  directory: string,
  origin: StageOrigin,
  finished: boolean,
): Promise<void> {
  const file = originFile(directory);
  if (!existsSync(file)) return;
  const difference = firstDifference(await readJson(file), origin);
  if (difference === undefined) return;
  const { path, saved, given } = difference;
  // It comes last, so all else is the same; how a training under way may change, the trainer knows.
  if (path.startsWith("training") && !finished) return;
  const what =
    {
      data: "other photos or captions",
      encoder: "another --start-from",
      decoder: "another --start-from",
    }[path] ?? `another config (${path.replace("config.", "")} was ${saved}, now it is ${given})`;
  throw new AttendError(
    "BAD_CONFIG",
    `${directory} was made with ${what}; resume with the same, or train into another folder by --out`,
  );
}

function originFile(directory: string): string {
  return join(directory, "origin.json");
}

/** A short hash of photos, by the names in their caption files, and of their captions. */
export function hashPhotos(...parts: readonly (readonly CaptionedImage[])[]): string {
  const content = parts.map((images) =>
    images.map(({ id, captions }) => [id, ...captions.map(({ text }) => text)]),
  );
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
}
