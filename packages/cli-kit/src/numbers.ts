import { InvalidArgumentError } from "commander";

/** The numbers that an option accepts, bounds included. */
export interface NumberRange {
  readonly min: number;
  readonly max?: number;
}

/** A commander parser of whole numbers; any other value is a usage error. */
export function wholeNumber(range: NumberRange): (value: string) => number {
  return (value) => parse(value, range, /^[+-]?\d+$/, "a whole number");
}

/** A commander parser of decimal numbers; any other value is a usage error. */
export function decimalNumber(range: NumberRange): (value: string) => number {
  return (value) => parse(value, range, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, "a number");
}

function parse(value: string, { min, max }: NumberRange, form: RegExp, kind: string): number {
  const number = Number(value);
  if (form.test(value) && number >= min && number <= (max ?? Number.MAX_SAFE_INTEGER)) {
    return number;
  }
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new InvalidArgumentError(`Expected ${kind} ${range}.`);
}
