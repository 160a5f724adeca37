/** A ninth of a picture: the row, then the column. */
export type Place = `${"top" | "middle" | "bottom"}-${"left" | "center" | "right"}`;

/** In which ninth of the picture the weights are centered. */
export function placeOf(weights: readonly (readonly number[])[]): Place {
  const sum = weights.flat().reduce((a, b) => a + b, 0) || 1;
  const columns = weights[0]?.length ?? 1;
  const mean = (at: (row: number, column: number) => number) =>
    weights.reduce(
      (total, row, i) => total + row.reduce((part, weight, j) => part + weight * at(i, j), 0),
      0,
    ) / sum;
  const down = mean((row) => (row + 0.5) / weights.length);
  const across = mean((_, column) => (column + 0.5) / columns);
  const vertical = down < 0.4 ? "top" : down < 0.6 ? "middle" : "bottom";
  const horizontal = across < 0.4 ? "left" : across < 0.6 ? "center" : "right";
  return `${vertical}-${horizontal}`;
}
