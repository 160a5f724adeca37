/**
 * Computes up to `size` values ahead of the reader, and waits while it has not taken them. The reader gets all values
 * that were computed before an error, then the error. A reader that leaves early stops the computation before its next
 * value.
 *
 * @param track given a promise that resolves when nothing is computed any longer, and never rejects
 */
export async function* buffered<T>(
  source: AsyncIterable<T>,
  size: number,
  track: (work: Promise<void>) => void,
): AsyncGenerator<T> {
  const queue: T[] = [];
  let [isOver, isLeft] = [false, false];
  let failure: { readonly thrown: unknown } | undefined;
  // Only one side ever waits: the reader for a value, or the computation for room.
  let wake = () => {};
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  const compute = async () => {
    try {
      for await (const value of source) {
        queue.push(value);
        wake();
        while (queue.length >= size && !isLeft) await change();
        if (isLeft) break;
      }
    } catch (thrown) {
      failure = { thrown };
    }
    isOver = true;
    wake();
  };
  track(compute());
  try {
    for (;;) {
      while (queue.length > 0) {
        const values = queue.splice(0, 1);
        wake();
        yield* values;
      }
      if (failure !== undefined) throw failure.thrown;
      if (isOver) return;
      await change();
    }
  } finally {
    isLeft = true;
    wake();
  }
}
