import { upsample } from "./upsample.ts";

type Color = readonly [red: number, green: number, blue: number];

/**
 * Matplotlib's inferno (CC0), whose lightness increases evenly, from 0.1 to 0.9 in steps of 0.1: its ends
 * are too close to black and white to distinguish from a photo's own dark and light areas.
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
 * Dims a photo and overlays a word's heat: where the model did not look, the photo stays dark and nearly
 * gray.
 *
 * @param photo RGB, `width * height * 3` bytes
 * @returns RGB of the same size
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
    const color: Color = [photo[at] ?? 0, photo[at + 1] ?? 0, photo[at + 2] ?? 0];
    const light = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2];
    const grayed = mix([light, light, light], color, 0.35 + 0.4 * value);
    const dimmed = mix(black, grayed, 0.55 + 0.45 * value);
    tile.set(mix(dimmed, heatColor(value), 0.12 + 0.48 * value), at);
  });
  return tile;
}

/**
 * Scales a word's weights to 0 (least attention) to 1 (most). Nearly uniform weights stay faint: they
 * reach 1 only if their range is at least half of the uniform weight.
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

/** Interpolates from `a` (0) to `b` (1). */
function mix(a: Color, b: Color, share: number): Color {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}
