import { AttendError } from "@attend/runtime/errors";
import { joinSamples } from "../samples.ts";
import { designFilter, type PolyphaseFilter } from "./filter.ts";

/**
 * Changes the rate of samples.
 *
 * @returns `ceil(samples.length * to / from)` samples
 * @throws AttendError BAD_ARGUMENT for a rate that is not a whole number of samples per second
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  const resampler = new Resampler(from, to);
  return joinSamples([resampler.push(samples), resampler.end()]);
}

/**
 * Changes the rate of a stream of samples: the pieces that it returns, joined, are what
 * {@link resample} makes of the whole.
 */
export class Resampler {
  /** undefined if the rates are equal */
  readonly #filter: PolyphaseFilter | undefined;
  /** The inputs of the next output and of those after it. */
  #held: Float32Array;
  #phase = 0;
  #received = 0;
  #returned = 0;

  /** @throws AttendError BAD_ARGUMENT for a rate that is not a whole number from 1 to 384,000 */
  constructor(from: number, to: number) {
    for (const rate of [from, to]) requireRate(rate);
    this.#filter = from === to ? undefined : designFilter(from, to);
    const { taps = 1, center = 0, up = 1 } = this.#filter ?? {};
    // Silence comes before the first sample.
    this.#held = new Float32Array(taps - 1 - Math.floor(center / up));
    this.#phase = center % up;
  }

  /** @returns the samples of the new rate that are certain by now */
  push(samples: Float32Array): Float32Array {
    if (this.#filter === undefined) return samples;
    this.#received += samples.length;
    return this.#filterWith(this.#filter, samples);
  }

  /** @returns the last samples, for which silence follows the end */
  end(): Float32Array {
    if (this.#filter === undefined) return new Float32Array(0);
    const { up, down, taps } = this.#filter;
    const missing = Math.ceil((this.#received * up) / down) - this.#returned;
    return this.#filterWith(this.#filter, new Float32Array(taps)).subarray(0, missing);
  }

  #filterWith({ up, down, taps, phases }: PolyphaseFilter, samples: Float32Array): Float32Array {
    const held = joinSamples([this.#held, samples]);
    const upsampled = (held.length - taps + 1) * up - this.#phase;
    const output = new Float32Array(Math.max(0, Math.ceil(upsampled / down)));
    let first = 0;
    for (let index = 0; index < output.length; index++) {
      const row = this.#phase * taps;
      // Four sums, because each addition waits for the one before.
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let tap = 0; tap < taps; tap += 4) {
        a += (phases[row + tap] ?? 0) * (held[first + tap] ?? 0);
        b += (phases[row + tap + 1] ?? 0) * (held[first + tap + 1] ?? 0);
        c += (phases[row + tap + 2] ?? 0) * (held[first + tap + 2] ?? 0);
        d += (phases[row + tap + 3] ?? 0) * (held[first + tap + 3] ?? 0);
      }
      output[index] = a + b + c + d;
      this.#phase += down;
      first += Math.floor(this.#phase / up);
      this.#phase %= up;
    }
    this.#held = held.slice(first);
    this.#returned += output.length;
    return output;
  }
}

/** @throws AttendError BAD_ARGUMENT unless it is a whole number from 1 to 384,000 */
export function requireRate(rate: number): void {
  if (Number.isInteger(rate) && rate >= 1 && rate <= 384_000) return;
  const expected = "must be a whole number of samples per second, up to 384000";
  throw new AttendError("BAD_ARGUMENT", `the sample rate ${expected}, not ${rate}`);
}
