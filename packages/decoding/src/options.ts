import { AttendError } from "@attend/runtime";

/** The most tokens of a sequence: of every one, or of each row of the encoding. */
export type MaxLength = number | readonly number[];

/**
 * The maximal length of each row.
 *
 * @throws AttendError `BAD_ARGUMENT` unless there is one a row, each a whole number from 1 on
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

/** @throws AttendError `BAD_ARGUMENT` unless there are as many values as rows */
export function checkEach(name: string, values: readonly unknown[], rows: number): void {
  if (values.length === rows) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} is given for ${values.length} rows; it must be given for each of the ${rows} rows of the encoding`,
  );
}

/** @throws AttendError `BAD_ARGUMENT` unless `value` is a whole number from 1 on. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw badOption(name, value, "a whole number from 1 on");
}

/** @throws AttendError `BAD_ARGUMENT` unless `value` is a number, or a whole number, from 0 on. */
export function checkNumber(name: string, value: number, { whole = false } = {}): void {
  const good = value >= 0 && value < Number.POSITIVE_INFINITY;
  if (good && (!whole || Number.isInteger(value))) return;
  throw badOption(name, value, `a ${whole ? "whole " : ""}number from 0 on`);
}

export function badOption(name: string, value: number, expected: string): AttendError {
  return new AttendError("BAD_ARGUMENT", `${name} is ${value}; it must be ${expected}`);
}
