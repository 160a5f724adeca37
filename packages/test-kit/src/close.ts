import { tf } from "@attend/runtime";

/** Numbers with a shape: a tensor, a typed array or nested arrays. */
export type Close = tf.Tensor | ArrayLike<number> | number | Nested;
type Nested = readonly (number | Nested)[];

interface Numbers {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/**
 * Fails unless both have the same shape and every element differs by at most
 * `tolerance * max(1, |expected|)`: absolute for small numbers, relative for large ones. NaN equals
 * only NaN, an infinity only itself. The error shows the worst element. Disposes nothing.
 *
 * @param tolerance default 1e-5, the accuracy of a few operations in float32
 */
export function expectClose(actual: Close, expected: Close, tolerance = 1e-5): void {
  const a = numbersOf(actual);
  const e = numbersOf(expected);
  if (a.shape.join() !== e.shape.join()) {
    throw mismatch(`shape [${a.shape}], expected [${e.shape}]`);
  }
  let worst = 0;
  let worstExcess = 0;
  let failures = 0;
  for (let i = 0; i < e.values.length; i++) {
    const excess = distance(a.values[i] ?? NaN, e.values[i] ?? NaN);
    if (excess > tolerance) failures++;
    if (excess > worstExcess) [worst, worstExcess] = [i, excess];
  }
  if (failures === 0) return;
  throw mismatch(
    `${failures} of ${e.values.length} elements differ by more than ${tolerance}; worst at ` +
      `[${position(worst, e.shape)}]: ${a.values[worst]}, expected ${e.values[worst]} ` +
      `(off by ${worstExcess.toPrecision(3)})`,
  );
}

function distance(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  return Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
}

function numbersOf(value: Close): Numbers {
  if (typeof value === "number") return { shape: [], values: [value] };
  if (value instanceof tf.Tensor) return { shape: value.shape, values: value.dataSync() };
  if (!isNested(value)) return { shape: [value.length], values: value };
  const shape: number[] = [];
  for (let level: number | Nested = value; typeof level !== "number"; ) {
    shape.push(level.length);
    const first: number | Nested | undefined = level[0];
    if (first === undefined) break;
    level = first;
  }
  const values: number[] = [];
  collect(value, shape, 0, values);
  return { shape, values };
}

function isNested(value: Exclude<Close, number | tf.Tensor>): value is Nested {
  return Array.isArray(value);
}

function collect(value: number | Nested, shape: readonly number[], axis: number, into: number[]) {
  if (typeof value === "number") {
    if (axis !== shape.length) throw mismatch(`ragged arrays: a number at depth ${axis}`);
    into.push(value);
    return;
  }
  if (value.length !== shape[axis]) {
    throw mismatch(`ragged arrays: lengths ${shape[axis]} and ${value.length} at depth ${axis}`);
  }
  for (const item of value) collect(item, shape, axis + 1, into);
}

function position(index: number, shape: readonly number[]): string {
  let rest = index;
  return shape
    .toReversed()
    .map((size) => {
      const coordinate = rest % size;
      rest = Math.floor(rest / size);
      return coordinate;
    })
    .toReversed()
    .join(", ");
}

function mismatch(message: string): Error {
  return new Error(`not close: ${message}`);
}
