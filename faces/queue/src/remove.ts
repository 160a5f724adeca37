import { Queue } from "bullmq";
import type { Store } from "./store.ts";
import { requireWork } from "./work.ts";

/** Removes a queue and all that is in it. @throws AttendError DATA_MISSING if nothing was added to it */
export async function removeQueue(store: Store): Promise<void> {
  await requireWork(store);
  // First what tells workers that there is nothing to do anymore.
  const parts = ["work", "outcomes", "tries", "failures", "failed", "workers"];
  await store.redis.unlink(parts.map((part) => store.key(part)));
  const queue = new Queue(store.name, store.jobOptions);
  await queue.obliterate({ force: true });
  await queue.close();
}
