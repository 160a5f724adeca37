export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Matplotlib's inferno (CC0), whose lightness grows evenly, from 0.1 to 0.9 in steps of 0.1: its ends
 * are too near black and white to be told from the dark and the light of a photo.
 */
const inferno: readonly Colour[] = [
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

/** @param heat from 0 to 1 */
export function heatColour(heat: number): Colour {
  const position = heat * (inferno.length - 1);
  const stop = Math.min(inferno.length - 2, Math.floor(position));
  return mix(inferno[stop] as Colour, inferno[stop + 1] as Colour, position - stop);
}

/** `share` 0 gives `a`, 1 gives `b`. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}
