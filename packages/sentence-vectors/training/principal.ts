import { type Random, tf } from "@attend/runtime";

/** Rounds of the iteration; the directions only have to span the right space. */
const rounds = 15;

/**
 * Turns vectors into shorter ones, of length 1, whose products are nearly the same: along the directions in which
 * `vectors` vary most, without centering, found by orthogonal iteration (Golub & Van Loan 2013, section 8.2.4).
 */
export function principalProjection(
  vectors: readonly Float32Array[],
  size: number,
  random: Random,
): (vectors: readonly Float32Array[]) => Float32Array[] {
  const products = tf.tidy(() => {
    const all = matrixOf(vectors);
    return tf.matMul(all, all, true);
  });
  const [width] = products.shape;
  let basis: Float32Array[] = Array.from({ length: size }, () =>
    Float32Array.from({ length: width }, () => random.normal()),
  );
  for (let round = 0; round < rounds; round++) {
    basis = orthonormal(rowsOf(() => tf.matMul(matrixOf(basis), products)));
  }
  products.dispose();
  return (given) =>
    rowsOf(() => {
      const projected = tf.matMul(matrixOf(given), matrixOf(basis), false, true);
      return tf.div(projected, tf.norm(projected, 2, 1, true));
    });
}

/** By the modified Gram-Schmidt process, in place. */
function orthonormal(rows: Float32Array[]): Float32Array[] {
  for (const [i, row] of rows.entries()) {
    for (const earlier of rows.slice(0, i)) addScaled(row, earlier, -dot(row, earlier));
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) / length;
  }
  return rows;
}

function addScaled(row: Float32Array, other: Float32Array, factor: number): void {
  for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) + factor * (other[k] ?? 0);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

/** `[rows, elements]`; the caller, or the `tf.tidy` around it, owns it. */
export function matrixOf(rows: readonly Float32Array[]): tf.Tensor2D {
  return tf.tensor2d(flat(rows), [rows.length, rows[0]?.length ?? 0]);
}

/** One array of all rows. */
export function flat(rows: readonly Float32Array[]): Float32Array {
  const [{ length } = new Float32Array()] = rows;
  const all = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) all.set(row, i * length);
  return all;
}

function rowsOf(compute: () => tf.Tensor2D): Float32Array[] {
  const matrix = tf.tidy(compute);
  const [rows, size] = matrix.shape;
  const values = matrix.dataSync<"float32">();
  matrix.dispose();
  return Array.from({ length: rows }, (_, row) => values.slice(row * size, (row + 1) * size));
}
