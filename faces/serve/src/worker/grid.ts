/** Weights row by row, as rows, with as many digits as a picture can show. */
export function gridOf(
  weights: ArrayLike<number>,
  [rows, columns]: readonly [rows: number, columns: number],
): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const weight = weights[row * columns + column] ?? 0;
      return Math.round(weight * 1e6) / 1e6;
    }),
  );
}
