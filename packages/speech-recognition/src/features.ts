import { type Audio, type Features, logMel, resample } from "@attend/audio";
import { z } from "zod";

/** How recordings become features; plain JSON. */
export const featureConfigSchema = z.strictObject({
  /** Recordings are resampled to this many samples per second. */
  sampleRate: z.number().int().min(4000).max(48_000).default(16_000),
  /** Mel bands. */
  mels: z.number().int().min(8).max(128).default(40),
  minFrequency: z.number().nonnegative().default(60),
  /** By default 95 % of half the sample rate, below where filters cut off. */
  maxFrequency: z.number().positive().optional(),
  /** Nats below the loudest band; what is quieter is silence. */
  range: z.number().positive().default(10),
});

export type FeatureConfig = z.output<typeof featureConfigSchema>;

export const hopSeconds = 0.01;
/** The logarithm of the least energy that features have. */
export const silence = Math.log(1e-10);

export function frequenciesOf({ sampleRate, minFrequency, maxFrequency }: FeatureConfig) {
  return { minFrequency, maxFrequency: maxFrequency ?? 0.475 * sampleRate };
}

/** The logarithm of the energy of each mel band every 10 ms, `[frames, mels]`; at least one frame. */
export function featuresOf({ samples, sampleRate }: Audio, config: FeatureConfig): Features {
  const wanted = resample(samples, sampleRate, config.sampleRate);
  const window = Math.ceil(0.025 * config.sampleRate);
  const padded =
    wanted.length < window
      ? Float32Array.from({ length: window }, (_, i) => wanted[i] ?? 0)
      : wanted;
  const { mels, sampleRate: rate } = config;
  return logMel(padded, { mels, sampleRate: rate, ...frequenciesOf(config), hopSeconds });
}

/** Frames that the mean of all bands counts for, in {@link normalized}. */
const priorFrames = 30;

/**
 * What the network reads: 0 for silence, up to 2.5 for the loudest band. So the distance to the microphone does not matter;
 * and as the mean of each band over what is not silent is subtracted (cepstral mean normalization, Furui 1981), its kind
 * matters less. A short word's means tell the word, so the fewer frames, the more they are drawn to the mean of all bands.
 */
export function normalized({ frames, size, data }: Features, { range }: FeatureConfig): Features {
  const threshold = maximum(data) - range / 2;
  const sums = new Float64Array(size);
  let active = 0;
  for (let start = 0; start < data.length; start += size) {
    const frame = data.subarray(start, start + size);
    if (maximum(frame) < threshold) continue;
    active++;
    for (let band = 0; band < size; band++) {
      sums[band] = (sums[band] ?? 0) + Math.max(frame[band] ?? 0, threshold - range / 2);
    }
  }
  const mean = sums.reduce((total, each) => total + each, 0) / (active * size);
  const excess = sums.map((sum) => (sum - active * mean) / (active + priorFrames));
  const equal = data.map((value, i) => value - (excess[i % size] ?? 0));
  const floor = maximum(equal) - range;
  return { frames, size, data: equal.map((value) => (Math.max(0, value - floor) * 2.5) / range) };
}

export function maximum(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Joins features with pauses: `pauses[i]` silent frames before part `i`, and the last after all. */
export function joined(
  parts: readonly Features[],
  pauses: readonly number[],
  size: number,
): Features {
  const frames = [...parts.map((part) => part.frames), ...pauses].reduce(
    (sum, each) => sum + each,
    0,
  );
  const data = new Float32Array(frames * size).fill(silence);
  let at = 0;
  for (const [i, pause] of pauses.entries()) {
    at += pause;
    const part = parts[i];
    if (part === undefined) continue;
    data.set(part.data, at * size);
    at += part.frames;
  }
  return { frames, size, data };
}
