import type { Features } from "@attend/audio";
import type { Random } from "@attend/runtime";

/**
 * Sets random bands and random stretches of time to 0, silence: SpecAugment (Park et al. 2019, section 2), without its time
 * warping. Changes `features`.
 *
 * @param bands the most bands of each of two masks
 * @param frames the most frames of each mask, of which there is one a second
 */
export function maskFeatures(
  { frames: count, size, data }: Features,
  { bands, frames }: { readonly bands: number; readonly frames: number },
  random: Random,
): void {
  for (let mask = 0; mask < 2; mask++) {
    const width = random.integer(Math.min(bands, size - 1) + 1);
    const from = random.integer(size - width);
    for (let t = 0; t < count; t++) data.fill(0, t * size + from, t * size + from + width);
  }
  for (let second = 0; second < count; second += 100) {
    const length = random.integer(Math.min(frames, count - 1) + 1);
    const from = random.integer(count - length);
    data.fill(0, from * size, (from + length) * size);
  }
}
