import type { Features } from "@attend/audio";

/** How features are warped. */
export interface Warp {
  /** How many times as fast the speech becomes. */
  readonly tempo: number;
  /** How many times as high its frequencies, as of a vocal tract that is shorter. */
  readonly pitch: number;
  /** Hz, of the bands. */
  readonly minFrequency: number;
  readonly maxFrequency: number;
}

/**
 * Resamples logarithms of mel energies in time and along the bands (vocal tract length perturbation, Jaitly & Hinton 2013).
 * Tempo and pitch by the same factor are what playing a recording faster does (speed perturbation, Ko et al. 2015).
 */
export function warped({ frames, size, data }: Features, warp: Warp): Features {
  const count = Math.max(1, Math.round(frames / warp.tempo));
  const times = Float64Array.from({ length: count }, (_, t) => ((t + 0.5) * frames) / count - 0.5);
  const bands = bandsBefore(size, warp);
  const result = new Float32Array(count * size);
  for (const [t, time] of times.entries()) {
    const [early, late, later] = between(time, frames);
    for (const [b, band] of bands.entries()) {
      const [low, high, higher] = between(band, size);
      const at = (frame: number) =>
        (1 - higher) * (data[frame * size + low] ?? 0) + higher * (data[frame * size + high] ?? 0);
      result[t * size + b] = (1 - later) * at(early) + later * at(late);
    }
  }
  return { frames: count, size, data: result };
}

/** Where each band is read, between two bands. */
function bandsBefore(size: number, { pitch, minFrequency, maxFrequency }: Warp): Float64Array {
  const lowest = mel(minFrequency);
  const step = (mel(maxFrequency) - lowest) / (size + 1);
  return Float64Array.from({ length: size }, (_, band) => {
    const frequency = hertz(lowest + (band + 1) * step) / pitch;
    return (mel(frequency) - lowest) / step - 1;
  });
}

/** The two neighbors of a position, inside of `count`, and the share of the second. */
export function between(
  position: number,
  count: number,
): [first: number, second: number, share: number] {
  const inside = Math.min(Math.max(position, 0), count - 1);
  const first = Math.floor(inside);
  return [first, Math.min(first + 1, count - 1), inside - first];
}

const mel = (frequency: number) => 1127 * Math.log1p(frequency / 700);
const hertz = (value: number) => 700 * Math.expm1(value / 1127);
