import type { Fit } from "@attend/cnn-encoder";

/** How a photo was made square. */
export interface Fitted {
  readonly fit: Fit;
  /** Of the photo. */
  readonly width: number;
  readonly height: number;
}

/**
 * Converts attention over the square that a model reads to attention over the photo in it: attention to bars is left
 * out, and cropped parts have none.
 *
 * @param weights of the square, row by row
 * @returns as many weights, which sum to 1
 */
export function attentionOnPhoto(
  weights: Float32Array,
  { fit, width, height }: Fitted,
): Float32Array {
  if (fit === "fill" || width === height) return weights;
  const side = Math.sqrt(weights.length);
  const scale = fit === "contain" ? Math.max(width, height) : Math.min(width, height);
  const [rows, columns] = [overlaps(height / scale, side), overlaps(width / scale, side)];
  const found = rows.flatMap((row) =>
    columns.map((column) =>
      weights.reduce((sum, weight, at) => {
        return sum + weight * (row[Math.floor(at / side)] ?? 0) * (column[at % side] ?? 0);
      }, 0),
    ),
  );
  const sum = found.reduce((a, b) => a + b, 0);
  return Float32Array.from(found, (weight) => (sum > 0 ? weight / sum : 0));
}

/**
 * `[photo's cells][square's cells]`: how much of a cell of the square each cell of the photo covers.
 *
 * @param extent the photo's width or height, with the square's as 1
 */
function overlaps(extent: number, side: number): number[][] {
  const start = (side * (1 - extent)) / 2;
  const cells = Array.from({ length: side }, (_, cell) => cell);
  return cells.map((to) => {
    const [low, high] = [start + to * extent, start + (to + 1) * extent];
    return cells.map((from) => Math.max(0, Math.min(high, from + 1) - Math.max(low, from)));
  });
}
