import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadImage } from "@attend/cnn-encoder";
import type { CaptionedImage } from "@attend/datasets";
import { parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { AttendError, messageOf } from "@attend/runtime/errors";
import type { RunEvent } from "@attend/training";
import { z } from "zod";
import type { TrainingData } from "./prepare.ts";

/** Photos that are decoded at once. */
const batchSize = 16;

const noteSchema = z.array(z.string());

/**
 * The photos of a training that can be read; the others are told, and noted in its folder. So a training
 * that goes on does so with the photos it began with, whatever has happened to them since.
 *
 * @throws AttendError INTERRUPTED
 */
export async function leaveOutBroken(
  options: CheckOptions & { readonly out: string; readonly resume: boolean },
) {
  const { train, validation, out, resume, onEvent } = options;
  const file = join(out, "left-out.json");
  const noted =
    resume && existsSync(file) ? parseConfig(noteSchema, await readJson(file), file) : undefined;
  const broken = new Set(noted ?? (await findBroken([...train, ...validation], options)));
  if (noted === undefined) await writeJson(file, [...broken]);
  for (const id of noted ?? []) {
    const message = `${id} is left out, as when the training began (${file})`;
    onEvent({ type: "warning", message });
  }
  const isWhole = ({ id }: CaptionedImage) => !broken.has(id);
  return {
    train: train.filter(isWhole),
    validation: validation.filter(isWhole),
    leftOut: broken.size,
  };
}

interface CheckOptions extends TrainingData {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

async function findBroken(
  images: readonly CaptionedImage[],
  { config, signal, onEvent }: CheckOptions,
): Promise<string[]> {
  const broken: string[] = [];
  const { imageSize } = config.model.encoder;
  for (let at = 0; at < images.length; at += batchSize) {
    if (signal.aborted) {
      const message = `stopped after ${at} of ${images.length} photos were checked; run the same command again`;
      throw new AttendError("INTERRUPTED", message);
    }
    const batch = images.slice(at, at + batchSize);
    const faults = await Promise.all(batch.map(({ file }) => faultOf(file, imageSize)));
    for (const [i, fault] of faults.entries()) {
      if (fault === undefined) continue;
      broken.push(batch[i]?.id ?? "");
      onEvent({ type: "warning", message: `${fault}; the photo is left out` });
    }
    const done = at + batch.length;
    onEvent({ type: "progress", label: "checking", unit: "photos", done, total: images.length });
  }
  return broken;
}

async function faultOf(file: string, size: number): Promise<string | undefined> {
  try {
    await loadImage(file, { size });
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
