import type { ImageSource, Picture } from "@attend/cnn-encoder";
import type { SamplingOptions } from "@attend/decoding";
import { AttendError, describeValue } from "@attend/runtime/errors";
import { nearestName } from "@attend/runtime/nearest";
import type { CaptionerConfig } from "./config.ts";

/** A path, an address (string or URL), the bytes of a picture file in any form, or a stream of them. */
export type Photo = ImageSource;

/** One caption. */
export interface Caption {
  /** As people write it: `A dog runs on the beach.` */
  readonly caption: string;
  /** As the model says it: `a`, `dog`, `runs`, ... */
  readonly tokens: readonly string[];
  /** Natural logarithm, the end of the caption included. */
  readonly logProbability: number;
}

/** Where the model looked for each word. */
export interface Attention {
  readonly words: readonly string[];
  /** The weights' rows and columns, which cover the photo evenly. */
  readonly grid: readonly [rows: number, columns: number];
  /** For each word `rows * columns` weights, row by row from the top left, that sum to 1. */
  readonly weights: readonly Float32Array[];
}

/** A photo's likeliest caption, and what was asked for besides. */
export interface CaptionResult extends Caption {
  /** Other captions, the best first. */
  readonly alternatives: readonly Caption[];
  /** Present where asked for. */
  readonly attention?: Attention;
  /** The photo, small; present where asked for. */
  readonly picture?: Picture;
  /** Of the photo, upright, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** A photo of a batch with its result, or with why there is none. */
export type CaptionOutcome<P extends Photo = Photo> =
  | { readonly photo: P; readonly result: CaptionResult; readonly error?: never }
  | { readonly photo: P; readonly error: AttendError; readonly result?: never };

/**
 * How to decode; what is left out is as the model's config says. Each of `temperature`, `topK`, `topP` and
 * `seed` draws the caption by chance, as `sample` does.
 */
export interface CaptionOptions extends SamplingOptions {
  /** Captions under way at a time, from 1 (greedy) to 100. */
  readonly beamWidth?: number | undefined;
  /** Words at most, up to 1000. */
  readonly maxLength?: number | undefined;
  /** Above 0 favours longer captions (see `BeamOptions`). */
  readonly lengthPenalty?: number | undefined;
  /** No run of so many words occurs twice; 0 allows all. */
  readonly noRepeatNgram?: number | undefined;
  /** Draws the caption by chance instead of searching for the likeliest. */
  readonly sample?: boolean | undefined;
  /** Another seed draws another caption; default 1. */
  readonly seed?: number | undefined;
  /**
   * Captions of each photo, the best one included: at most `beamWidth`, which is the default. When
   * sampling, how many are drawn, by default one.
   */
  readonly nBest?: number | undefined;
  /** Tell where the model looked for each word. */
  readonly attention?: boolean | undefined;
  /** Keep the photo, made small: what `renderHeatmap` draws on without reading it again. */
  readonly picture?: boolean | undefined;
  /** Pixels that a photo may have; default 250 million. */
  readonly maxPixels?: number | undefined;
  /** Seconds that a photo of the web may take; default 30. */
  readonly timeout?: number | undefined;
  /** Aborted, it ends the work before the next batch. */
  readonly signal?: AbortSignal | undefined;
}

/** Of `caption`; `captionAll` takes a `batch` as well. */
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
  maxPixels: true,
  timeout: true,
  signal: true,
} satisfies Record<keyof CaptionOptions, true>);

/** {@link CaptionOptions} with nothing left open. */
export interface Decoding {
  readonly beamWidth: number;
  readonly maxLength: number;
  readonly lengthPenalty: number;
  readonly noRepeatNgram: number;
  /** Present where captions are drawn by chance. */
  readonly sample: (SamplingOptions & { readonly seed: number }) | undefined;
  readonly nBest: number;
  readonly attention: boolean;
}

/** @throws AttendError BAD_ARGUMENT naming the option, what was given and what it may be */
export function resolveOptions(
  options: CaptionOptions,
  defaults: CaptionerConfig["decoding"],
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
  const { nBest = sample ? 1 : beamWidth } = options;
  requireWhole("beamWidth", beamWidth, 1, 100);
  requireWhole("maxLength", maxLength, 1, 1000);
  if (!(Number.isFinite(lengthPenalty) && lengthPenalty >= 0)) {
    throw badOption("lengthPenalty", lengthPenalty, "a number of at least 0");
  }
  requireWhole("noRepeatNgram", noRepeatNgram, 0, 1000);
  if (!sample && nBest > beamWidth) {
    throw badOption(
      "nBest",
      nBest,
      `at most ${beamWidth} with a beam of ${beamWidth}; widen the beam`,
    );
  }
  requireWhole("nBest", nBest, 1, 100);
  requireWhole("seed", seed ?? 1, 0, 2 ** 32 - 1);
  return {
    beamWidth,
    maxLength,
    lengthPenalty,
    noRepeatNgram,
    sample: sample ? { temperature, topK, topP, seed: seed ?? 1 } : undefined,
    nBest,
    attention,
  };
}

export function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw badOption(name, value, `a whole number from ${min} to ${max}`);
}

/** @throws AttendError BAD_ARGUMENT naming the first option that is none, and what was probably meant */
export function requireKnown(options: object, known: readonly string[], name = "options"): void {
  if (typeof options !== "object" || options === null) {
    const message = `${name}: an object is expected, but ${describeValue(options)} was given`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  const remedy = near === undefined ? `expected ${known.join(", ")}` : `did you mean ${near}?`;
  throw new AttendError("BAD_ARGUMENT", `there is no option ${unknown}; ${remedy}`);
}

function badOption(name: string, value: unknown, expected: string): AttendError {
  const given = typeof value === "number" ? value : describeValue(value);
  return new AttendError("BAD_ARGUMENT", `${name} is ${given}; it may be ${expected}`);
}
