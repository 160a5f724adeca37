import { InvalidArgumentError } from "commander";

/** What numbers an option takes; the bounds belong to it. */
export interface NumberRange {
  readonly min: number;
  readonly max?: number;
}

/** For commander: reads an option's value as a whole number; another is wrong usage. */
export function wholeNumber(range: NumberRange): (value: string) => number {
  return (value) => read(value, range, /^[+-]?\d+$/, "a whole number");
}

/** For commander: reads an option's value as a decimal number; another is wrong usage. */
export function decimalNumber(range: NumberRange): (value: string) => number {
  return (value) => read(value, range, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, "a number");
}

function read(value: string, { min, max }: NumberRange, form: RegExp, kind: string): number {
  const number = Number(value);
  if (form.test(value) && number >= min && number <= (max ?? Number.MAX_SAFE_INTEGER)) {
    return number;
  }
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new InvalidArgumentError(`It takes ${kind} ${range}.`);
}
