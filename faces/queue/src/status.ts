import { Queue } from "bullmq";
import { kinds } from "./kinds/index.ts";
import { readFailures } from "./outcomes.ts";
import { type PresentWorker, presentWorkers } from "./presence.ts";
import type { Store } from "./store.ts";
import { requireWork } from "./work.ts";

/** How far the work of a queue is. */
export interface Status {
  readonly kind: string;
  readonly source: string;
  /** Of items: `photos`. */
  readonly unit: string;
  /** Items in the queue so far, and whether that is all. */
  readonly added: number;
  readonly complete: boolean;
  /** Items with an outcome; those of them that failed; those that were collected. */
  readonly done: number;
  readonly failed: number;
  readonly collected: number;
  /** Items a second of all workers, lately, and the seconds that the others take at that rate. */
  readonly rate: number;
  readonly secondsLeft: number | undefined;
  readonly batches: {
    readonly waiting: number;
    readonly active: number;
    /** Those with an item that failed, which is tried again a little later. */
    readonly delayed: number;
  };
  readonly workers: readonly PresentWorker[];
  /** How many items failed for each reason, as a code. */
  readonly failures: Readonly<Record<string, number>>;
  /** The lines of the first 1000 items that failed, with "error". */
  readonly failedLines: readonly string[];
}

/** @throws AttendError DATA_MISSING if nothing was added to the queue */
export async function readStatus(store: Store): Promise<Status> {
  const { kind, source, added, complete, done, failed, collected } = await requireWork(store);
  const queue = new Queue(store.name, store.jobOptions);
  const { waiting = 0, active = 0, delayed = 0 } = await queue.getJobCounts();
  await queue.close();
  const workers = await presentWorkers(store);
  const { counts: failures, lines: failedLines } = await readFailures(store);
  const rate = workers.reduce((sum, worker) => sum + worker.rate, 0);
  return {
    ...{ kind, source, unit: kinds[kind].unit, added, complete, done, failed, collected, rate },
    secondsLeft: rate > 0 ? (added - done) / rate : undefined,
    batches: { waiting, active, delayed },
    ...{ workers, failures, failedLines },
  };
}
