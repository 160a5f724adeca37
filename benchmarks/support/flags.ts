import { AttendError } from "@attend/runtime/errors";

/**
 * The names of a comma-separated list.
 *
 * @throws AttendError BAD_ARGUMENT for one that is not known
 */
export function chosen<Name extends string>(
  option: string,
  list: string,
  known: readonly Name[],
): Name[] {
  return list.split(",").map((given) => {
    const name = known.find((each) => each === given);
    if (name !== undefined) return name;
    const message = `--${option} names the unknown ${given}; choose from ${known.join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  });
}

/** @throws AttendError BAD_ARGUMENT unless `value` is a whole number above 0, or not given */
export function positiveInteger(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  const message = `--${option} takes a positive integer, not ${value}`;
  throw new AttendError("BAD_ARGUMENT", message);
}
