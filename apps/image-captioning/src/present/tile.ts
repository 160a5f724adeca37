import { upsample } from "./upsample.ts";

type Color = readonly [red: number, green: number, blue: number];

/**
 * Matplotlib's inferno (CC0), whose lightness grows evenly, from 0.1 to 0.9 in steps of 0.1: its ends
 * are too near black and white to be told from the dark and the light of a photo.
 */
const inferno: readonly Color[] = [
  [22, 11, 57],
  [66, 10, 104],
  [106, 23, 110],
  [147, 38, 103],
  [188, 55, 84],
  [221, 81, 58],
  [243, 120, 25],
  [252, 165, 10],
  [246, 215, 70],
];

const black: Color = [0, 0, 0];

/**
 * A photo dimmed, with the heat of a word glowing over it: where the model did not look the photo
 * stays dark and nearly gray.
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
    const own: Color = [photo[at] ?? 0, photo[at + 1] ?? 0, photo[at + 2] ?? 0];
    const light = 0.299 * own[0] + 0.587 * own[1] + 0.114 * own[2];
    const grayed = mix([light, light, light], own, 0.35 + 0.4 * value);
    const dimmed = mix(black, grayed, 0.55 + 0.45 * value);
    tile.set(mix(dimmed, heatColor(value), 0.12 + 0.48 * value), at);
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

/** @param heat from 0 to 1 */
export function heatColor(heat: number): Color {
  const position = heat * (inferno.length - 1);
  const stop = Math.min(inferno.length - 2, Math.floor(position));
  return mix(inferno[stop] as Color, inferno[stop + 1] as Color, position - stop);
}

/** `share` 0 gives `a`, 1 gives `b`. */
function mix(a: Color, b: Color, share: number): Color {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}
