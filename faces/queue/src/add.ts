import { setTimeout as wait } from "node:timers/promises";
import { AttendError } from "@attend/runtime/errors";
import { Queue } from "bullmq";
import type { Batch } from "./batch.ts";
import { type Item, kinds } from "./kinds/index.ts";
import type { Store } from "./store.ts";
import { type Order, requireWork, startWork } from "./work.ts";

/** Options of {@link addItems}. */
export interface AddOptions {
  /** It pauses while so many items are without an outcome, for Redis holds them in memory. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** Told how many items are in the queue. */
  readonly onAdded?: (count: number) => void;
}

/** So many jobs are added with one request. */
const jobsAtATime = 16;

/**
 * Adds items to a queue. If it was interrupted, it goes on where it was: the items must come in the same order.
 *
 * @returns how many items the queue has
 * @throws AttendError BAD_ARGUMENT if the queue has other work; INTERRUPTED; what `items` throws
 */
export async function addItems(
  store: Store,
  order: Order,
  items: AsyncIterable<Item>,
  { most, signal, onAdded = () => {} }: AddOptions,
): Promise<number> {
  let { added } = await startWork(store, order);
  const queue = new Queue<Batch>(store.name, store.jobOptions);
  try {
    for await (const batches of batchesOf(items, kinds[order.kind].batch, added)) {
      await queue.addBulk(batches.map(jobOf));
      const { first, items: last } = batches.at(-1) ?? { first: added, items: [] };
      added = first + last.length;
      await store.redis.hset(store.key("work"), "added", added);
      onAdded(added);
      while (!signal.aborted && added - (await requireWork(store)).done >= most) await wait(500);
      if (signal.aborted) {
        const message = `${added} items are in the queue ${store.name}; the same command adds the others`;
        throw new AttendError("INTERRUPTED", message);
      }
    }
  } finally {
    await queue.close();
  }
  await store.redis.hset(store.key("work"), "complete", 1);
  return added;
}

/** Groups of batches, without the first `skipped` items. */
export async function* batchesOf(
  items: AsyncIterable<Item>,
  size: number,
  skipped: number,
): AsyncGenerator<Batch[]> {
  let batches: Batch[] = [];
  let batch: Item[] = [];
  let [index, first] = [0, skipped];
  const close = () => {
    batches.push({ first, items: batch });
    [batch, first] = [[], index];
  };
  for await (const item of items) {
    if (index++ < skipped) continue;
    batch.push(item);
    if (batch.length === size) close();
    if (batches.length === jobsAtATime) {
      yield batches;
      batches = [];
    }
  }
  if (batch.length > 0) close();
  if (batches.length > 0) yield batches;
}

/** What ends a batch's worker is not the batch's fault: it is tried again until all its items have an outcome. */
function jobOf(data: Batch) {
  const opts = {
    // One that was added already is not added again.
    jobId: `from-${data.first}`,
    attempts: 1e9,
    backoff: { type: "custom" },
    removeOnComplete: true,
  };
  return { name: "batch", data, opts };
}
