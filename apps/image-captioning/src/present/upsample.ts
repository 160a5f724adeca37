/**
 * Upsamples a grid with a cubic B-spline, which is smooth (twice differentiable) and never overshoots.
 * The grid's cells cover the result evenly; its outermost cells continue past the edge.
 *
 * @param grid `rows * columns` values, row by row
 * @returns `height * width` values, row by row
 */
export function upsample(
  grid: ArrayLike<number>,
  [rows, columns]: readonly [rows: number, columns: number],
  width: number,
  height: number,
): Float32Array {
  const across = splineTaps(columns, width);
  const down = splineTaps(rows, height);
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    across.forEach((taps, x) => {
      wide[row * width + x] = sum(taps, (column) => grid[row * columns + column] ?? 0);
    });
  }
  const result = new Float32Array(height * width);
  down.forEach((taps, y) => {
    for (let x = 0; x < width; x++) {
      result[y * width + x] = sum(taps, (row) => wide[row * width + x] ?? 0);
    }
  });
  return result;
}

type Tap = readonly [cell: number, weight: number];

/** For each of `length` pixels, the four cells around it and their weights. */
function splineTaps(cells: number, length: number): Tap[][] {
  return Array.from({ length }, (_, pixel) => {
    const position = ((pixel + 0.5) * cells) / length - 0.5;
    const before = Math.floor(position);
    const t = position - before;
    const weights = [
      (1 - t) ** 3 / 6,
      (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
      (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
      t ** 3 / 6,
    ];
    return weights.map((weight, i): Tap => {
      const cell = Math.min(cells - 1, Math.max(0, before - 1 + i));
      return [cell, weight];
    });
  });
}

function sum(taps: readonly Tap[], at: (cell: number) => number): number {
  let total = 0;
  for (const [cell, weight] of taps) total += weight * at(cell);
  return total;
}
