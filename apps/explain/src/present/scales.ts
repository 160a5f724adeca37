/** A value of a plot's line. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a logarithmic axis begins and ends, powers of ten, and which powers are written at it. */
export interface LogAxis {
  readonly domain: [number, number];
  readonly ticks: number[];
}

/**
 * A logarithmic axis for these lines. Values below `floor` (0, too) or above `ceiling` are drawn at the
 * axis's ends.
 */
export function logAxis(
  lines: readonly { readonly points: readonly Point[] }[],
  { floor, ceiling, ticks = 6 }: { floor: number; ceiling: number; ticks?: number },
): LogAxis {
  const within = lines.flatMap(({ points }) =>
    points.map(({ y }) => Math.min(Math.max(y, floor), ceiling)).filter(Number.isFinite),
  );
  const low = Math.floor(Math.log10(Math.min(...within, ceiling)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...within, floor))), low + 1);
  const stride = Math.ceil((high - low) / ticks);
  const powers = Array.from({ length: high - low + 1 }, (_, i) => high - i);
  return {
    domain: [powerOfTen(low), powerOfTen(high)],
    ticks: powers.filter((power) => (high - power) % stride === 0).map(powerOfTen),
  };
}

/** Exact, which `10 ** -4` is not. */
function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}

/**
 * A curve over updates, the first being 1, as at most `count` points: each what `pick` makes of as many
 * neighbours.
 */
export function thin(
  curve: readonly number[],
  count: number,
  pick: (values: readonly number[]) => number,
): Point[] {
  const size = Math.max(1, Math.ceil(curve.length / count));
  return Array.from({ length: Math.ceil(curve.length / size) }, (_, i) => {
    const part = curve.slice(i * size, (i + 1) * size);
    return { x: i * size + (part.length + 1) / 2, y: pick(part) };
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function largest(values: readonly number[]): number {
  return Math.max(...values);
}
