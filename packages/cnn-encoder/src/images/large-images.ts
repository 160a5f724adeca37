/** Pixels above which a picture is decoded by itself: a progressive JPEG takes 3 bytes for each. */
export const largeImage = 30e6;

let last: Promise<unknown> = Promise.resolve();

/** Does work that takes much memory one at a time, so that the memory of one suffices for many. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
