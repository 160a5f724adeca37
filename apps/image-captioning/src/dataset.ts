import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadImage } from "@attend/cnn-encoder";
import { type CaptionedImage, nameSome } from "@attend/datasets";
import { parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { fitMinCount, learnWords, tokenize, type Words } from "@attend/text";
import type { RunEvent } from "@attend/training";
import { z } from "zod";
import type { CaptionerTraining } from "./training-config.ts";

/** What a captioner is trained on, and how. */
export interface TrainingData {
  readonly config: CaptionerTraining;
  readonly train: readonly CaptionedImage[];
  /** Never trained on: chooses the best weights and is what the figures are of. */
  readonly validation: readonly CaptionedImage[];
}

/** Is told what a person has to know, in a line. */
export type Warn = (message: string) => void;

/** A photo with its captions as token ids, without start and end. */
export interface Example {
  readonly file: string;
  readonly captions: readonly (readonly number[])[];
}

/** What a reader of caption files gives for a photo. */
export interface CaptionedPhoto {
  readonly file: string;
  readonly captions: readonly { readonly text: string }[];
}

/** The captions of all photos. */
export function textsOf(photos: readonly CaptionedPhoto[]): string[] {
  return photos.flatMap(({ captions }) => captions.map(({ text }) => text));
}

/** Captions without a word are left out, and photos that are left without a caption. */
export function encodeExamples(photos: readonly CaptionedPhoto[], words: Words): Example[] {
  return photos
    .map(({ file, captions }) => ({
      file,
      captions: captions.map(({ text }) => words.encode(text)).filter((ids) => ids.length > 0),
    }))
    .filter(({ captions }) => captions.length > 0);
}

/** @throws AttendError BAD_DATA where there is too little to train on or to choose the best weights by. */
export function checkData({ config, train, validation }: TrainingData): void {
  const lack = (what: string) => new AttendError("BAD_DATA", what);
  if (train.length === 0) {
    throw lack("no photo is left to train on, all are validation photos; give more photos");
  }
  // Each word of a single photo is in every photo, so that CIDEr-D is 0 whatever is said.
  if (validation.length < 2) {
    throw lack(
      `${validation.length} validation photo${validation.length === 1 ? " is" : "s are"} too few to tell good weights from bad; hold out 2 or more (of ${train.length + validation.length}), by --held-out, --validation-captions or a larger part val`,
    );
  }
  for (const [index, stage] of config.stages.entries()) {
    if (stage.name !== "self-critical") continue;
    const count = train.filter(({ captions }) => captions.length >= stage.minCaptions).length;
    if (count >= 2) continue;
    throw lack(
      `stage ${index + 1} (self-critical) takes photos with ${stage.minCaptions} captions or more, but ${count} of ${train.length} are such; lower its minCaptions or leave the stage out`,
    );
  }
}

/** Of the running words; with more unknown, what a model says lacks its nouns, or is empty. */
const maxUnknown = 0.2;

/**
 * The config with a `vocabulary.minCount` that leaves most words known. It is the same whenever it is made
 * from the same captions, and stages note it in their origin.
 */
export function fitWords({ config, train }: TrainingData, warn: Warn): CaptionerTraining {
  const asked = config.vocabulary.minCount;
  const options = { minCount: asked, maxUnknown };
  const { minCount, askedUnknown } = fitMinCount(textsOf(train), options);
  if (minCount === asked) return config;
  warn(
    `words that occur fewer than ${asked} times are ${percent(askedUnknown)} of these captions; those that occur ${minCount === 1 ? "once" : `${minCount} times`} are learned, too (vocabulary.minCount ${minCount})`,
  );
  return { ...config, vocabulary: { ...config.vocabulary, minCount } };
}

/** The words of the training captions. */
export function buildWords({ config, train }: TrainingData): Words {
  const { minCount } = config.vocabulary;
  const texts = textsOf(train);
  if (texts.some((text) => tokenize(text).length > 0)) return learnWords(texts, { minCount });
  throw new AttendError(
    "BAD_DATA",
    `the captions of ${train.length} photos hold no word to learn, only marks; give captions in words`,
  );
}

/** @throws AttendError BAD_DATA where a model that training goes on from knows too few of the words. */
export function checkWords({ train }: TrainingData, from: string, known: Words, warn: Warn): void {
  const words = textsOf(train).flatMap(tokenize);
  const unknown = words.filter((word) => !known.has(word));
  const share = unknown.length / Math.max(words.length, 1);
  if (share <= maxUnknown) return;
  const message = `${from} does not know ${percent(share)} of the words of these captions (${nameSome([...new Set(unknown)])}), and learns no new ones; give --encoder-only where they matter`;
  if (share > 0.5) throw new AttendError("BAD_DATA", message);
  warn(message);
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

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
