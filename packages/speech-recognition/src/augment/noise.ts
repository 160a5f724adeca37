import type { Features } from "@attend/audio";
import type { Random } from "@attend/runtime";
import { between } from "./warp.ts";

/**
 * Adds noise with a random, slowly changing spectrum, in the domain of the features: the energies of speech and noise add
 * up.
 *
 * @param level logarithm of the noise's mean energy in its loudest band
 * @param slope what the highest band has above the lowest, from the least to the most, in nats
 */
export function noisy(
  { frames, size, data }: Features,
  { level, slope }: { readonly level: number; readonly slope: readonly [number, number] },
  random: Random,
): Features {
  const curve = randomCurve(size, slope, random);
  const loudest = Math.max(...curve);
  const spectrum = curve.map((value) => value - loudest);
  const result = new Float32Array(data.length);
  let drift = 0;
  for (let t = 0; t < frames; t++) {
    drift = 0.95 * drift + 0.15 * random.normal();
    for (let b = 0; b < size; b++) {
      // A band's energy is a sum of squares, of more of them in wider bands.
      const chance = (0.5 - (0.25 * b) / size) * random.normal();
      const noise = level + (spectrum[b] ?? 0) + drift + chance;
      result[t * size + b] = logSum(data[t * size + b] ?? 0, noise);
    }
  }
  return { frames, size, data: result };
}

/** Changes the bands as another microphone would, by a random smooth curve. */
export function equalized(
  { frames, size, data }: Features,
  strength: number,
  random: Random,
): Features {
  const curve = randomCurve(size, [-2, 2], random);
  return { frames, size, data: data.map((value, i) => value + strength * (curve[i % size] ?? 0)) };
}

/** A random slope over all bands, within limits, and bumps; in nats. */
function randomCurve(
  size: number,
  [least, most]: readonly [number, number],
  random: Random,
): Float64Array {
  const slope = least + (most - least) * random.uniform();
  const bumps = Array.from({ length: 5 }, () => 0.7 * random.normal());
  return Float64Array.from({ length: size }, (_, band) => {
    const x = band / size;
    const [low, high, share] = between(x * 4, 5);
    return slope * x + (1 - share) * (bumps[low] ?? 0) + share * (bumps[high] ?? 0);
  });
}

function logSum(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  return high + Math.log1p(Math.exp(low - high));
}
