/** Pixels above which a picture is decoded by itself: a progressive JPEG takes 3 bytes for each. */
const large = 30e6;

let lastLarge: Promise<unknown> = Promise.resolve();

/** Does work on a picture; on large ones, one at a time, so that the memory of one suffices for many. */
export function inTurn<T>(pixels: number, work: () => Promise<T>): Promise<T> {
  if (pixels <= large) return work();
  const result = lastLarge.then(work);
  lastLarge = result.catch(() => {});
  return result;
}
