import { messageOf, systemCodeOf } from "@attend/runtime/errors";
import type { Pool } from "@attend/serve/pool";
import type { Job } from "bullmq";
import { type Batch, batchSchema } from "./batch.ts";
import { Downloads } from "./downloads.ts";
import { type Item, kinds } from "./kinds/index.ts";
import { countTry, maxTries, type Outcome, openItems, record } from "./outcomes.ts";
import type { Store } from "./store.ts";
import { readWork, type Work } from "./work.ts";

/** What of a job is looked at. */
type BatchJob = Pick<Job<Batch>, "data" | "attemptsMade" | "stalledCounter">;

/** Does batches. */
export class BatchRunner {
  readonly #store: Store;
  readonly #pool: Pick<Pool, "run">;
  readonly #onDone: (count: number) => void;
  readonly #downloads = new Downloads();

  /** @param onDone told how many items have an outcome now */
  constructor(store: Store, pool: Pick<Pool, "run">, onDone: (count: number) => void) {
    this.#store = store;
    this.#pool = pool;
    this.#onDone = onDone;
  }

  /**
   * Does the items of a batch that have no outcome yet: all together, or, if they were tried before, one after the other.
   *
   * @throws Error if some are to be tried again
   */
  async run({ data, attemptsMade, stalledCounter }: BatchJob): Promise<void> {
    const { first, items } = batchSchema.parse(data);
    const work = await readWork(this.#store);
    // The queue was removed.
    if (work === undefined) return;
    const { collected } = work;
    const open = await openItems(this.#store, { first, count: items.length, collected });
    const one = (index: number, isAlone: boolean) =>
      this.#attempt(work, index, items[index - first] ?? {}, isAlone);
    let again = 0;
    if (attemptsMade > 0 || stalledCounter > 1) {
      for (const index of open) {
        const tries = await countTry(this.#store, index);
        const outcome =
          tries > maxTries ? endedOn(index, items[index - first]) : await one(index, true);
        again += await this.#record([outcome], { isCounted: true });
      }
    } else {
      const outcomes = await Promise.all(open.map((index) => one(index, false)));
      again = await this.#record(outcomes, { isCounted: false });
    }
    if (again > 0) throw new Error(`${again} of ${open.length} items are tried again`);
  }

  /** Removes what was downloaded. */
  close(): Promise<void> {
    return this.#downloads.close();
  }

  async #record(outcomes: readonly Outcome[], how: { isCounted: boolean }): Promise<number> {
    const again = await record(this.#store, outcomes, how);
    this.#onDone(outcomes.length - again);
    return again;
  }

  async #attempt(work: Work, index: number, item: Item, alone: boolean): Promise<Outcome> {
    const kind = kinds[work.kind];
    try {
      const run = (value: string) => {
        const { task } = kind;
        const input = kind.input(item, value);
        const request = { task, model: work.model, options: work.options, input, alone };
        return this.#pool.run(request, { signal: new AbortController().signal });
      };
      const value = String(item[kind.field]);
      const isFile = kind.extensions.length > 0;
      const output = await (isFile ? this.#downloads.use(value, run) : run(value));
      return { index, line: JSON.stringify({ ...item, ...kind.answer(output) }), code: "" };
    } catch (thrown) {
      return failed(index, item, messageOf(thrown), systemCodeOf(thrown) ?? "INTERNAL");
    }
  }
}

function endedOn(index: number, item: Item = {}): Outcome {
  const message = `the worker ended ${maxTries} times while it worked on this`;
  return failed(index, item, message, "WORKER_ENDED");
}

function failed(index: number, item: Item, error: string, code: string): Outcome {
  return { index, line: JSON.stringify({ ...item, error, code }), code };
}
