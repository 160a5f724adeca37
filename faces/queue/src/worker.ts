import { hostname } from "node:os";
import { messageOf } from "@attend/runtime/errors";
import { Pool } from "@attend/serve/pool";
import { removeLeftoverFolders } from "@attend/serve/temporary-folder";
import { Worker } from "bullmq";
import type { Batch } from "./batch.ts";
import { BatchRunner } from "./batch-runner.ts";
import { kinds } from "./kinds/index.ts";
import { Presence } from "./presence.ts";
import type { Store } from "./store.ts";
import type { Work } from "./work.ts";

/** Options of {@link startWorker}. */
export interface WorkerOptions {
  /** Engine processes at a time. */
  readonly processes: number;
  /** Seconds for an item. */
  readonly timeout: number;
  /** Seconds without a sign of life until another worker gets the batches of this one. */
  readonly lostAfter: number;
  /** Told what does not stop the work, such as a lost connection. */
  readonly onTrouble: (message: string) => void;
  /** Told how many items were done. */
  readonly onDone?: (count: number) => void;
  /** What the engine processes run; default: the engine. */
  readonly program?: URL;
}

/** A worker; the caller closes it. */
export interface BulkWorker {
  /** Takes nothing further, waits for what it has, and ends the engine processes. */
  close(): Promise<void>;
}

/**
 * Starts a worker on a queue: it loads the model, and works on batches until it is closed.
 *
 * @param work of the queue
 * @throws AttendError if the model cannot be loaded
 */
export async function startWorker(
  store: Store,
  work: Pick<Work, "kind" | "model" | "options">,
  options: WorkerOptions,
): Promise<BulkWorker> {
  await removeLeftoverFolders();
  const { processes, lostAfter, onTrouble, onDone = () => {}, program } = options;
  const pool = new Pool({
    processes,
    queue: Number.POSITIVE_INFINITY,
    timeoutSeconds: options.timeout,
    // It has nothing else to do, so that models stay.
    idleSeconds: 1e6,
    ...(program && { program }),
  });
  try {
    const { signal } = new AbortController();
    const { kind, model, options: how } = work;
    await pool.loadModel({ task: kinds[kind].task, model, options: how }, { signal });
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
  const presence = new Presence(store, { host: hostname(), pid: process.pid, processes });
  const runner = new BatchRunner(store, pool, (count) => {
    presence.add(count);
    onDone(count);
  });
  const milliseconds = 1000 * lostAfter;
  const worker = new Worker<Batch>(store.name, (job) => runner.run(job), {
    ...store.jobOptions,
    // The next batch is here when a process is free.
    concurrency: processes + 1,
    lockDuration: milliseconds,
    stalledInterval: milliseconds,
    maxStalledCount: 1e9,
    settings: { backoffStrategy: (tries) => Math.min(1000 * 2 ** (tries - 1), 60_000) },
  });
  worker.on("error", (error) => onTrouble(messageOf(error)));
  return {
    async close() {
      await worker.close();
      await presence.end();
      await runner.close();
      await pool.close();
    },
  };
}
