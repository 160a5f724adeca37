/** A point of a line. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The ends of a logarithmic axis and its labels, all powers of ten. */
export interface LogAxis {
  readonly domain: [number, number];
  readonly ticks: number[];
}

/**
 * Creates a logarithmic axis for lines. Values below `floor` (including 0) or above `ceiling` are drawn at
 * the ends of the axis.
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

/** Exact, unlike `10 ** -4`. */
function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}

/**
 * Thins a curve over updates, counted from 1, to at most `count` points: `pick` reduces neighboring
 * values to one.
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
