import type { SamplingOptions } from "@attend/decoding";
import { AttendError } from "@attend/runtime/errors";
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
}

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
  const { sample, attention = false } = options;
  const {
    beamWidth = defaults.beamWidth,
    maxLength = defaults.maxLength,
    lengthPenalty = defaults.lengthPenalty,
    noRepeatNgram = defaults.noRepeatNgram,
  } = options;
  const { alternatives = sample === undefined ? beamWidth - 1 : 0 } = options;
  requireWhole("beamWidth", beamWidth, 1, 100);
  requireWhole("maxLength", maxLength, 1, 1000);
  if (!(lengthPenalty >= 0 && lengthPenalty < Number.POSITIVE_INFINITY)) {
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

function badOption(name: string, value: number, expected: string): AttendError {
  return new AttendError("BAD_ARGUMENT", `${name} is ${value}; it may be ${expected}`);
}
