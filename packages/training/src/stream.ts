import { AttendError } from "@attend/runtime/errors";
import { randomFor } from "./seeded.ts";
import type { TrainingTask } from "./task.ts";

/** What each random stream of a training is for: the second number of its seed. */
export const streams = { plan: 0, load: 1, prepare: 2, loss: 3 } as const;

interface Place {
  readonly epoch: number;
  readonly batch: number;
}

/** The batches of a training from a place on; the next one is read while the current one is used. */
export class BatchStream<Plan, Batch> {
  readonly #task: TrainingTask<Plan, Batch>;
  readonly #seed: number;
  readonly #epochs: number;
  readonly #plans = new Map<number, readonly Plan[]>();
  #next: { readonly place: Place; readonly batch: Promise<Batch> } | undefined;

  /** @param epochs where reading ahead ends. */
  constructor(task: TrainingTask<Plan, Batch>, seed: number, epochs = Number.POSITIVE_INFINITY) {
    this.#task = task;
    this.#seed = seed;
    this.#epochs = epochs;
  }

  /** How many batches an epoch has. */
  length(epoch: number): number {
    return this.#plan(epoch).length;
  }

  /** The batch at a place. Reads the one after it ahead. The caller releases the batch. */
  async take(place: Place): Promise<Batch> {
    if (this.#next?.place.epoch !== place.epoch || this.#next.place.batch !== place.batch) {
      await this.close();
    }
    const { batch } = this.#next ?? this.#read(place);
    this.#next = undefined;
    const taken = await batch;
    const next = this.after(place);
    if (next.epoch < this.#epochs) this.#next = this.#read(next);
    return taken;
  }

  after({ epoch, batch }: Place): Place {
    const last = batch + 1 >= this.length(epoch);
    return last ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
  }

  /** Releases the batch that was read ahead. */
  async close(): Promise<void> {
    const pending = this.#next?.batch;
    this.#next = undefined;
    const batch = await pending?.catch(() => undefined);
    if (batch !== undefined) this.#task.release(batch);
  }

  #read(place: Place): { place: Place; batch: Promise<Batch> } {
    const batch = this.#load(place);
    // It is awaited when it is taken; until then a failure is not unhandled.
    batch.catch(() => {});
    return { place, batch };
  }

  async #load({ epoch, batch }: Place): Promise<Batch> {
    const plan = this.#plan(epoch);
    const item = plan[batch];
    if (item === undefined) {
      throw new AttendError(
        "BAD_DATA",
        `epoch ${epoch + 1} has ${plan.length} batches, the training is at batch ${batch + 1}; resume with the data it started with`,
      );
    }
    return this.#task.load(item, randomFor(this.#seed, streams.load, epoch, batch));
  }

  #plan(epoch: number): readonly Plan[] {
    const known = this.#plans.get(epoch);
    if (known !== undefined) return known;
    const plan = this.#task.plan(epoch, randomFor(this.#seed, streams.plan, epoch));
    if (plan.length === 0) {
      throw new AttendError(
        "BAD_DATA",
        `epoch ${epoch + 1} has no batches: the training data is empty; give at least one example`,
      );
    }
    for (const old of this.#plans.keys()) if (old < epoch - 1) this.#plans.delete(old);
    this.#plans.set(epoch, plan);
    return plan;
  }
}
