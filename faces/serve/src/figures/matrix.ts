import { tf } from "@attend/runtime";

/** A matrix's rows as plain numbers. */
export function matrixOf(matrix: tf.Tensor2D): number[][] {
  const [rows, columns] = matrix.shape;
  const values = matrix.dataSync();
  return Array.from({ length: rows }, (_, row) => [
    ...values.slice(row * columns, (row + 1) * columns),
  ]);
}

/** The matrices of a tensor `[1, count, rows, columns]`; call it inside `tf.tidy`. */
export function matricesOf(stack: tf.Tensor4D): number[][][] {
  return (tf.unstack(tf.squeeze(stack, [0])) as tf.Tensor2D[]).map(matrixOf);
}

/** Null in place of what JSON cannot say: a norm or loss that is no longer finite. */
export function finiteOrNull(values: readonly number[]): (number | null)[] {
  return values.map((value) => (Number.isFinite(value) ? value : null));
}
