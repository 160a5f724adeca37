/** Cuts a source into lists of `size` items; the last may be shorter. */
export async function* inBatches<T>(
  source: AsyncIterable<T> | Iterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of source) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Makes the next item of `source` while the consumer works on this one; one ahead, never more. */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (let item = await next; !item.done; item = await next) {
      next = source.next();
      next.catch(() => {}); // It is thrown when its turn comes.
      yield item.value;
    }
  } finally {
    // Not awaited: a consumer that leaves need not wait for an item that it will not take.
    source.return(undefined).catch(() => {});
  }
}
