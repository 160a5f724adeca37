import { createRandom } from "@attend/runtime/random";
import { countHeldOut } from "../held-out.ts";

/**
 * Splits rows by photo: all questions about a photo are on one side. The seed determines which photos are
 * held out; both lists keep the order of `rows`.
 *
 * @param options `heldOut`: a number of photos or, below 1, a fraction; either side gets at least one
 * @throws AttendError BAD_ARGUMENT if `heldOut` is out of range or there is only one photo
 */
export function splitByImage<Row extends { readonly image: string; readonly photo?: string }>(
  rows: readonly Row[],
  { heldOut: requested, seed }: { readonly heldOut: number; readonly seed: number },
): { train: Row[]; heldOut: Row[] } {
  const keyOf = ({ image, photo }: Row) => photo ?? image;
  // By name, so that the rows' order does not matter; a data set's folder does not, either.
  const images = new Map(rows.map((row) => [keyOf(row), row.image]));
  const sorted = [...images].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  const count = countHeldOut(requested, sorted.length, "photos");
  const chosen = new Set(
    createRandom(seed)
      .shuffle(sorted.map(([key]) => key))
      .slice(0, count),
  );
  return {
    train: rows.filter((row) => !chosen.has(keyOf(row))),
    heldOut: rows.filter((row) => chosen.has(keyOf(row))),
  };
}
