import { AttendError } from "@attend/runtime/errors";

/**
 * How many of `total` items to hold out; below 1, `heldOut` is a fraction of them.
 *
 * @param what the items, in the plural, for the error
 * @throws AttendError BAD_ARGUMENT if `heldOut` leaves nothing on one side
 */
export function countHeldOut(heldOut: number, total: number, what: string): number {
  const isShare = heldOut > 0 && heldOut < 1;
  const count = isShare ? Math.min(Math.max(Math.round(total * heldOut), 1), total - 1) : heldOut;
  if (Number.isInteger(count) && count >= 1 && count < total) return count;
  throw new AttendError(
    "BAD_ARGUMENT",
    `heldOut is ${heldOut}; give a fraction between 0 and 1 of the ${total.toLocaleString("en")} ${what}, or a count that leaves at least one to train on`,
  );
}
