/** Pictures with more pixels are decoded one at a time: a progressive JPEG takes 3 bytes per pixel. */
export const largeImage = 30e6;

let last: Promise<unknown> = Promise.resolve();

/** Runs memory-intensive work one at a time. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
