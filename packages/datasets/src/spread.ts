/** The distribution of some numbers. */
export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  /** At most 5% of the values are larger. */
  readonly percentile95: number;
  readonly max: number;
}

/** The distribution of values; all 0 if there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    min: at(0),
    mean: sum / Math.max(sorted.length, 1),
    median: at(0.5),
    percentile95: at(0.95),
    max: at(1),
  };
}
