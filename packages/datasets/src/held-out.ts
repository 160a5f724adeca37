import { AttendError } from "@attend/runtime/errors";

/**
 * How many of `total` are held out: below 1, `heldOut` is a share of them.
 *
 * @param what they are, in the plural, for the error
 * @throws AttendError BAD_ARGUMENT where `heldOut` leaves nothing on one of the sides
 */
export function countHeldOut(heldOut: number, total: number, what: string): number {
  const isShare = heldOut > 0 && heldOut < 1;
  const count = isShare ? Math.min(Math.max(Math.round(total * heldOut), 1), total - 1) : heldOut;
  if (Number.isInteger(count) && count >= 1 && count < total) return count;
  throw new AttendError(
    "BAD_ARGUMENT",
    `heldOut is ${heldOut}; it may be a share between 0 and 1 of the ${total.toLocaleString("en")} ${what}, or a whole number that leaves at least one to train on`,
  );
}
