import type { SamplingOptions } from "@attend/decoding";
import { AttendError, describeValue } from "@attend/runtime/errors";
import { nearestName } from "@attend/runtime/nearest";
import type { CaptionerConfig } from "../config.ts";

/** How to decode; what is left out is as the model's config says. */
export interface CaptionOptions {
  /** Captions under way at a time, from 1 (greedy) to 100. */
  readonly beamWidth?: number | undefined;
  /** Words at most, up to 1000. */
  readonly maxLength?: number | undefined;
  /** Above 0 favours longer captions (see `BeamOptions`). */
  readonly lengthPenalty?: number | undefined;
  /** No run of so many words occurs twice; 0 allows all. */
  readonly noRepeatNgram?: number | undefined;
  /** Draws the caption instead of searching for the likeliest: other seeds give other captions. */
  readonly sample?: (SamplingOptions & { readonly seed?: number | undefined }) | undefined;
  /**
   * Captions besides the best one: at most `beamWidth - 1`, which is the default; when sampling, further
   * draws, 0 by default.
   */
  readonly alternatives?: number | undefined;
  /** Tell where the model looked for each word. */
  readonly attention?: boolean | undefined;
  /** Keep the photo, made small: what `renderHeatmap` draws on without reading it again. */
  readonly picture?: boolean | undefined;
  /** Pixels that a photo may have; default 250 million. */
  readonly maxPixels?: number | undefined;
  /** Seconds that a photo of the web may take; default 30. */
  readonly timeout?: number | undefined;
}

/** Of `caption`; `captionAll` takes a `batch` as well. */
export const optionNames = Object.keys({
  beamWidth: true,
  maxLength: true,
  lengthPenalty: true,
  noRepeatNgram: true,
  sample: true,
  alternatives: true,
  attention: true,
  picture: true,
  maxPixels: true,
  timeout: true,
} satisfies Record<keyof CaptionOptions, true>);

/** {@link CaptionOptions} with nothing left open. */
export interface Decoding {
  readonly beamWidth: number;
  readonly maxLength: number;
  readonly lengthPenalty: number;
  readonly noRepeatNgram: number;
  readonly sample: (SamplingOptions & { readonly seed: number }) | undefined;
  readonly alternatives: number;
  readonly attention: boolean;
}

/** @throws AttendError BAD_ARGUMENT naming the option, what was given and what it may be */
export function resolveOptions(
  options: CaptionOptions,
  defaults: CaptionerConfig["decoding"],
): Decoding {
  const { sample, attention = false, picture = false, maxPixels = 1, timeout = 1 } = options;
  if (sample !== undefined) {
    requireKnown(sample, ["temperature", "topK", "topP", "seed"], "sample");
    requireWhole("seed", sample.seed ?? 1, 0, 2 ** 32 - 1);
  }
  for (const [name, value] of Object.entries({ attention, picture })) {
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
  const { alternatives = sample === undefined ? beamWidth - 1 : 0 } = options;
  requireWhole("beamWidth", beamWidth, 1, 100);
  requireWhole("maxLength", maxLength, 1, 1000);
  if (!(Number.isFinite(lengthPenalty) && lengthPenalty >= 0)) {
    throw badOption("lengthPenalty", lengthPenalty, "a number of at least 0");
  }
  requireWhole("noRepeatNgram", noRepeatNgram, 0, 1000);
  if (sample === undefined && alternatives >= beamWidth) {
    const expected = `at most ${beamWidth - 1} with a beam of ${beamWidth}; widen the beam`;
    throw badOption("alternatives", alternatives, expected);
  }
  requireWhole("alternatives", alternatives, 0, 99);
  return {
    beamWidth,
    maxLength,
    lengthPenalty,
    noRepeatNgram,
    sample: sample && { ...sample, seed: sample.seed ?? 1 },
    alternatives,
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
