import { findUnreadableOnce } from "@attend/cnn-encoder";
import { type CaptionedImage, nameSome } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { fitMinCount, learnWords, tokenize, type Words } from "@attend/text";
import type { RunEvent } from "@attend/training";
import { learnObjectWords, type Objects } from "./objects.ts";
import type { CaptionerTraining } from "./training-config.ts";

/** The data and config of a training run. */
export interface TrainingData {
  readonly config: CaptionerTraining;
  readonly train: readonly CaptionedImage[];
  /** Never trained on; used to choose the best weights and to compute the reported scores. */
  readonly validation: readonly CaptionedImage[];
}

/** Receives one-line warnings for the user. */
export type Warn = (message: string) => void;

/** A photo with its captions as token ids, without start and end. */
export interface Example {
  readonly file: string;
  readonly captions: readonly (readonly number[])[];
}

/** A photo with its captions, as read from a caption file. */
export interface CaptionedPhoto {
  readonly file: string;
  readonly captions: readonly { readonly text: string }[];
}

/** The captions of all photos. */
export function textsOf(photos: readonly CaptionedPhoto[]): string[] {
  return photos.flatMap(({ captions }) => captions.map(({ text }) => text));
}

/** Encodes captions. Skips captions without words, and photos that have no other captions. */
export function encodeExamples(photos: readonly CaptionedPhoto[], words: Words): Example[] {
  return photos
    .map(({ file, captions }) => ({
      file,
      captions: captions.map(({ text }) => words.encode(text)).filter((ids) => ids.length > 0),
    }))
    .filter(({ captions }) => captions.length > 0);
}

/** @throws AttendError BAD_DATA if there is too little data to train on or to choose the best weights. */
export function checkData({ config, train, validation }: TrainingData): void {
  const tooLittle = (message: string) => new AttendError("BAD_DATA", message);
  if (train.length === 0) {
    throw tooLittle("no photos are left to train on, all are validation photos; add more photos");
  }
  // With a single photo, every word occurs in all photos, so CIDEr-D is always 0.
  if (validation.length < 2) {
    throw tooLittle(
      `${validation.length} validation photo${validation.length === 1 ? " is" : "s are"} too few to choose the best weights; hold out at least 2 (of ${train.length + validation.length}) with --held-out, --validation-captions or a larger val part`,
    );
  }
  for (const [index, stage] of config.stages.entries()) {
    if (stage.name !== "self-critical") continue;
    const count = train.filter(({ captions }) => captions.length >= stage.minCaptions).length;
    if (count >= 2) continue;
    throw tooLittle(
      `stage ${index + 1} (self-critical) needs photos with at least ${stage.minCaptions} captions, but only ${count} of ${train.length} photos have them; lower its minCaptions or remove the stage`,
    );
  }
}

/** Fraction of all words; with more unknown words, captions lack their nouns, or are empty. */
const maxUnknown = 0.2;

/**
 * Returns the config with a `vocabulary.minCount` that keeps most words known. The result depends only on
 * the captions, and is part of each stage's origin.
 */
export function fitWords({ config, train }: TrainingData, warn: Warn): CaptionerTraining {
  const requested = config.vocabulary.minCount;
  const options = { minCount: requested, maxUnknown };
  const { minCount, requestedUnknown } = fitMinCount(textsOf(train), options);
  if (minCount === requested) return config;
  warn(
    `${percent(requestedUnknown)} of the words in these captions occur fewer than ${requested} times; words that occur ${minCount === 1 ? "once" : `${minCount} times`} are learned, too (vocabulary.minCount ${minCount})`,
  );
  return { ...config, vocabulary: { ...config.vocabulary, minCount } };
}

/** The vocabulary of the training captions, and the object words if they are configured. */
export async function buildWords({
  config,
  train,
}: TrainingData): Promise<{ words: Words; objects?: Objects }> {
  const { minCount, objects } = config.vocabulary;
  const texts = textsOf(train);
  if (texts.some((text) => tokenize(text).length > 0)) {
    return objects ? learnObjectWords(texts, minCount) : { words: learnWords(texts, { minCount }) };
  }
  throw new AttendError(
    "BAD_DATA",
    `the captions of ${train.length} photos contain no words, only punctuation; use captions with words`,
  );
}

/** @throws AttendError BAD_DATA if the model to start from knows too few of the words. */
export function checkWords({ train }: TrainingData, from: string, known: Words, warn: Warn): void {
  const words = textsOf(train).flatMap(tokenize);
  const unknown = words.filter((word) => !known.has(word));
  const fraction = unknown.length / Math.max(words.length, 1);
  if (fraction <= maxUnknown) return;
  const message = `${from} does not know ${percent(fraction)} of the words in these captions (${nameSome([...new Set(unknown)])}) and cannot learn new ones; use --encoder-only if they matter`;
  if (fraction > 0.5) throw new AttendError("BAD_DATA", message);
  warn(message);
}

const percent = (fraction: number) => `${Math.round(100 * fraction)} %`;

/** Returns the photos that can be read; the others are reported, see {@link findUnreadableOnce}. */
export async function skipUnreadable({
  config,
  train,
  validation,
  out,
  resume,
  signal,
  onEvent,
}: TrainingData & {
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}) {
  const { imageSize } = config.model.encoder;
  const unreadable = await findUnreadableOnce([...train, ...validation], imageSize, {
    ...{ out, resume, signal },
    onProgress: (done, total) =>
      onEvent({ type: "progress", label: "checking", unit: "photos", done, total }),
  });
  for (const message of unreadable.values()) onEvent({ type: "warning", message });
  const isReadable = ({ id }: CaptionedImage) => !unreadable.has(id);
  return {
    train: train.filter(isReadable),
    validation: validation.filter(isReadable),
    leftOut: unreadable.size,
  };
}
