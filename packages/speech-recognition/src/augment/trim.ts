import type { Features } from "@attend/audio";
import type { Random } from "@attend/runtime";

/** Half of recordings start or end too late or early: takes away up to `most` frames at each end, and at most a quarter. */
export function trimmed(features: Features, most: number, random: Random): Features {
  const { frames, size, data } = features;
  const limit = Math.min(most, Math.floor(frames / 4));
  const cut = () => (random.uniform() < 0.5 ? 0 : random.integer(limit + 1));
  const [start, end] = [cut(), frames - cut()];
  return { frames: end - start, size, data: data.subarray(start * size, end * size) };
}
