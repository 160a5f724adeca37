import { type Colour, heatColour, mix } from "./colours.ts";
import { upsample } from "./upsample.ts";

const black: Colour = [0, 0, 0];

/**
 * A photo dimmed, with the heat of a word glowing over it: where the model did not look the photo
 * stays dark and nearly grey.
 *
 * @param photo RGB, `width * height * 3` bytes
 * @returns as many bytes
 */
export function paintTile(
  photo: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  weights: ArrayLike<number>,
  grid: readonly [rows: number, columns: number],
): Uint8Array {
  const heat = toHeat(upsample(weights, grid, width, height), weights.length);
  const tile = new Uint8Array(photo.length);
  heat.forEach((value, pixel) => {
    const at = pixel * 3;
    const own: Colour = [photo[at] ?? 0, photo[at + 1] ?? 0, photo[at + 2] ?? 0];
    const light = 0.299 * own[0] + 0.587 * own[1] + 0.114 * own[2];
    const greyed = mix([light, light, light], own, 0.35 + 0.4 * value);
    const dimmed = mix(black, greyed, 0.55 + 0.45 * value);
    tile.set(mix(dimmed, heatColour(value), 0.12 + 0.48 * value), at);
  });
  return tile;
}

/**
 * From 0 (looked at least) to 1 (most) within this word. Weights that hardly differ stay faint: they
 * reach 1 only if they range over half of an even share.
 */
function toHeat(weights: Float32Array, positions: number): Float32Array {
  const least = weights.reduce((a, b) => Math.min(a, b));
  const most = weights.reduce((a, b) => Math.max(a, b));
  const range = Math.max(most - least, 0.5 / positions);
  return weights.map((weight) => (weight - least) / range);
}
