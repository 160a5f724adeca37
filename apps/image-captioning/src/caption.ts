import { type Fit, fits, type ImageSource, type Picture } from "@attend/cnn-encoder";
import type { SamplingOptions } from "@attend/decoding";
import { AttendError, describeValue } from "@attend/runtime/errors";
import { nearestName } from "@attend/runtime/nearest";
import type { CaptionerConfig } from "./config.ts";

/** A path, an address (string or URL), the bytes of an image file in any form, or a stream of bytes. */
export type Photo = ImageSource;

/** One caption. */
export interface Caption {
  /** The caption as text: `A dog runs on the beach.` */
  readonly caption: string;
  /** The model's output tokens: `a`, `dog`, `runs`, ... */
  readonly tokens: readonly string[];
  /** Natural logarithm, including the end token. */
  readonly logProbability: number;
}

/** Where the model looked for each word. */
export interface Attention {
  readonly words: readonly string[];
  /** The weights' rows and columns, which cover the photo evenly. */
  readonly grid: readonly [rows: number, columns: number];
  /** `rows * columns` weights for each word, row by row from the top left, that sum to 1. */
  readonly weights: readonly Float32Array[];
}

/** A photo's most likely caption, and whatever else was requested. */
export interface CaptionResult extends Caption {
  /** Other captions, the best first. */
  readonly alternatives: readonly Caption[];
  /** Present if requested. */
  readonly attention?: Attention;
  /** The downscaled photo; present if requested. */
  readonly picture?: Picture;
  /** Of the upright photo, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** A photo with its result, or the reason why there is none. */
export type CaptionOutcome<P extends Photo = Photo> =
  | { readonly photo: P; readonly result: CaptionResult; readonly error?: never }
  | { readonly photo: P; readonly error: AttendError; readonly result?: never };

/**
 * How to decode; defaults come from the model's config. `temperature`, `topK`, `topP` and `seed` each turn on
 * sampling, like `sample`.
 */
export interface CaptionOptions extends SamplingOptions {
  /** Hypotheses kept at each step, from 1 (greedy) to 100. */
  readonly beamWidth?: number | undefined;
  /** Maximum number of words, up to 1000. */
  readonly maxLength?: number | undefined;
  /** Values above 0 favor longer captions (see `BeamOptions`). */
  readonly lengthPenalty?: number | undefined;
  /** No sequence of this many words occurs twice; 0 allows all. */
  readonly noRepeatNgram?: number | undefined;
  /** Samples the caption instead of searching for the most likely one. */
  readonly sample?: boolean | undefined;
  /** Seed for sampling; default 1. */
  readonly seed?: number | undefined;
  /**
   * Captions for each photo, including the best one: at most `beamWidth`, which is the default. When
   * sampling, the number of samples, by default one.
   */
  readonly nBest?: number | undefined;
  /** Return where the model looked for each word. */
  readonly attention?: boolean | undefined;
  /** Return the downscaled photo, which `renderHeatmap` can use without reading the photo again. */
  readonly picture?: boolean | undefined;
  /** How the photo is made square; the default is the model's. */
  readonly fit?: Fit | undefined;
  /** Maximum number of pixels in a photo; default 250 million. */
  readonly maxPixels?: number | undefined;
  /** Timeout for a photo from the web, in seconds; default 30. */
  readonly timeout?: number | undefined;
  /** If aborted, captioning stops before the next batch. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `caption`; `captionAll` also has `batch`. */
export const optionNames = Object.keys({
  beamWidth: true,
  maxLength: true,
  lengthPenalty: true,
  noRepeatNgram: true,
  sample: true,
  temperature: true,
  topK: true,
  topP: true,
  seed: true,
  nBest: true,
  attention: true,
  picture: true,
  fit: true,
  maxPixels: true,
  timeout: true,
  signal: true,
} satisfies Record<keyof CaptionOptions, true>);

/** {@link CaptionOptions} with all defaults filled in. */
export interface Decoding {
  readonly beamWidth: number;
  readonly maxLength: number;
  readonly lengthPenalty: number;
  readonly noRepeatNgram: number;
  /** Present if captions are sampled. */
  readonly sample: (SamplingOptions & { readonly seed: number }) | undefined;
  readonly nBest: number;
  readonly attention: boolean;
  readonly fit: Fit;
}

/** @throws AttendError BAD_ARGUMENT naming the option, the given value and the valid values */
export function resolveOptions(
  options: CaptionOptions,
  { decoding: defaults, fit: defaultFit = "fill" }: Pick<CaptionerConfig, "decoding" | "fit">,
): Decoding {
  const { attention = false, picture = false, maxPixels = 1, timeout = 1 } = options;
  const { temperature, topK, topP, seed } = options;
  const { sample = [temperature, topK, topP, seed].some((each) => each !== undefined) } = options;
  for (const [name, value] of Object.entries({ attention, picture, sample })) {
    if (typeof value !== "boolean") throw badOption(name, value, "true or false");
  }
  for (const [name, value] of Object.entries({ maxPixels, timeout })) {
    if (!(typeof value === "number" && value > 0)) throw badOption(name, value, "a number above 0");
  }
  const {
    beamWidth = defaults.beamWidth,
    maxLength = defaults.maxLength,
    lengthPenalty = defaults.lengthPenalty,
    noRepeatNgram = defaults.noRepeatNgram,
  } = options;
  const { nBest = sample ? 1 : beamWidth, fit = defaultFit } = options;
  if (!fits.includes(fit)) throw badOption("fit", fit, `one of ${fits.join(", ")}`);
  requireWholeNumber("beamWidth", beamWidth, 1, 100);
  requireWholeNumber("maxLength", maxLength, 1, 1000);
  if (!(Number.isFinite(lengthPenalty) && lengthPenalty >= 0)) {
    throw badOption("lengthPenalty", lengthPenalty, "a number of at least 0");
  }
  requireWholeNumber("noRepeatNgram", noRepeatNgram, 0, 1000);
  if (!sample && nBest > beamWidth) {
    throw badOption(
      "nBest",
      nBest,
      `at most ${beamWidth} with a beam of ${beamWidth}; widen the beam`,
    );
  }
  requireWholeNumber("nBest", nBest, 1, 100);
  requireWholeNumber("seed", seed ?? 1, 0, 2 ** 32 - 1);
  return {
    beamWidth,
    maxLength,
    lengthPenalty,
    noRepeatNgram,
    sample: sample ? { temperature, topK, topP, seed: seed ?? 1 } : undefined,
    nBest,
    attention,
    fit,
  };
}

export function requireWholeNumber(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw badOption(name, value, `a whole number from ${min} to ${max}`);
}

/** @throws AttendError BAD_ARGUMENT naming the first unknown option, and the one that was probably meant */
export function requireKnown(options: object, known: readonly string[], name = "options"): void {
  if (typeof options !== "object" || options === null) {
    const message = `${name} must be an object, but ${describeValue(options)} was given`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  const remedy = near === undefined ? `expected ${known.join(", ")}` : `did you mean ${near}?`;
  throw new AttendError("BAD_ARGUMENT", `unknown option ${unknown}; ${remedy}`);
}

function badOption(name: string, value: unknown, expected: string): AttendError {
  const actual = typeof value === "number" ? value : describeValue(value);
  return new AttendError("BAD_ARGUMENT", `${name} is ${actual}; it must be ${expected}`);
}
