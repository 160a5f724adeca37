import { AttendError } from "@attend/runtime";

/** The maximum number of tokens: one for all rows of the encoding, or one per row. */
export type MaxLength = number | readonly number[];

/**
 * The maximum length of each row.
 *
 * @throws AttendError `BAD_ARGUMENT` unless there is one per row, each a positive integer
 */
export function limitsOf(maxLength: MaxLength, rows: number): readonly number[] {
  if (typeof maxLength === "number") {
    checkCount("maxLength", maxLength);
    return new Array<number>(rows).fill(maxLength);
  }
  checkEach("maxLength", maxLength, rows);
  maxLength.forEach((length, row) => void checkCount(`maxLength of row ${row}`, length));
  return maxLength;
}

/** @throws AttendError `BAD_ARGUMENT` unless there is one value per row */
export function checkEach(name: string, values: readonly unknown[], rows: number): void {
  if (values.length === rows) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} has ${values.length} values; it must have one for each of the ${rows} rows of the encoding`,
  );
}

/** @throws AttendError `BAD_ARGUMENT` unless `value` is a positive integer */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw badOption(name, value, "a positive integer");
}

/** @throws AttendError `BAD_ARGUMENT` unless `value` is a non-negative number, or integer */
export function checkNumber(name: string, value: number, { integer = false } = {}): void {
  const isInRange = value >= 0 && value < Number.POSITIVE_INFINITY;
  if (isInRange && (!integer || Number.isInteger(value))) return;
  throw badOption(name, value, `a non-negative ${integer ? "integer" : "number"}`);
}

export function badOption(name: string, value: number, expected: string): AttendError {
  return new AttendError("BAD_ARGUMENT", `${name} is ${value}; it must be ${expected}`);
}
