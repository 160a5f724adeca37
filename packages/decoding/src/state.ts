import { AttendError, tf } from "@attend/runtime";
import type { DecoderState } from "./decoder.ts";

/** Frees what of `old` did not go on into `next`. */
export function disposeReplaced(old: DecoderState, next: DecoderState | undefined): void {
  const kept = new Set(next === undefined ? [] : Object.values(next));
  for (const tensor of Object.values(old)) if (!kept.has(tensor)) tensor.dispose();
}

/** How many sequences a state holds. */
export function rowsOf(state: DecoderState): number {
  return Object.values(state)[0]?.shape[0] ?? 0;
}

/** Reads a matrix `[rows, columns]` back, row by row. */
export function rowsIn(matrix: tf.Tensor2D): Float32Array[] {
  const [rows, columns] = matrix.shape;
  const values = Float32Array.from(matrix.dataSync());
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** `[vocabulary]`: 0, and far below every logit for what must not be chosen. */
export function suppression(vocabularySize: number, tokens: readonly number[]): tf.Tensor1D {
  const values = new Float32Array(vocabularySize);
  for (const token of tokens) values[token] = -1e9;
  return tf.tensor1d(values);
}

/** @throws AttendError `BAD_ARGUMENT` unless `value` is a whole number from 1 on. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw badOption(name, value, "a whole number from 1 on");
}

export function badOption(name: string, value: number, expected: string): AttendError {
  return new AttendError("BAD_ARGUMENT", `${name} is ${value}; it must be ${expected}`);
}
