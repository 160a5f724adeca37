import { type Features, frameOf, mapFrames } from "./features.ts";

/**
 * Appends how features change: their deltas, and the deltas of those. d_t = sum_k k (x_(t+k) - x_(t-k)) / (2 sum_k k^2)
 * for k = 1 ... reach; the first and the last frame are repeated beyond the ends. Furui 1986, Speaker-Independent
 * Isolated Word Recognition Using Dynamic Features of Speech Spectrum; The HTK Book, section 5.9.
 *
 * @param options order: 1 for deltas, 2 (the default) also for those of the deltas; reach: frames on either side, 2 by
 * default
 * @returns `[frames, (order + 1) * size]`
 */
export function addDeltas(
  features: Features,
  { order = 2, reach = 2 }: { readonly order?: number; readonly reach?: number } = {},
): Features {
  const parts = [features];
  let last = features;
  for (let level = 0; level < order; level++) {
    last = deltasOf(last, reach);
    parts.push(last);
  }
  const { size } = features;
  return mapFrames(features, parts.length * size, (_, into, index) => {
    parts.forEach((part, level) => {
      into.set(frameOf(part, index), level * size);
    });
  });
}

function deltasOf(features: Features, reach: number): Features {
  const steps = Array.from({ length: reach }, (_, index) => index + 1);
  const scale = 2 * steps.reduce((sum, k) => sum + k * k, 0);
  return mapFrames(features, features.size, (_, into, t) => {
    for (const k of steps) {
      const [after, before] = [frameOf(features, t + k), frameOf(features, t - k)];
      for (let i = 0; i < into.length; i++) {
        into[i] = (into[i] ?? 0) + (k * ((after[i] ?? 0) - (before[i] ?? 0))) / scale;
      }
    }
  });
}
