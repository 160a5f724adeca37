import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import type { TrainingConfig } from "./config.ts";
import type { Share } from "./divide.ts";
import { randomFor } from "./seeded.ts";
import type { TrainingTask } from "./task.ts";

/** The purpose of each random stream of a training: the second number of its seed. */
export const streams = { plan: 0, load: 1, prepare: 2, loss: 3 } as const;

interface Position {
  readonly epoch: number;
  readonly batch: number;
}

/** The batches of a training; a process's next one is read while the current one is used. */
export class BatchStream<Plan, Batch> {
  /** Of the process that reads them. */
  readonly share: Share;
  readonly #task: TrainingTask<Plan, Batch>;
  readonly #seed: number;
  readonly #epochs: number;
  readonly #plans = new Map<number, readonly Plan[]>();
  #next: { readonly position: Position; readonly batch: Promise<Batch> } | undefined;

  /** @param epochs the number of epochs, at which prefetching stops */
  constructor(
    task: TrainingTask<Plan, Batch>,
    { seed, epochs = Number.POSITIVE_INFINITY }: Pick<TrainingConfig, "seed" | "epochs">,
    share: Share,
  ) {
    this.share = share;
    this.#task = task;
    this.#seed = seed;
    this.#epochs = epochs;
  }

  /** How many batches an epoch has. */
  length(epoch: number): number {
    return this.#plan(epoch).length;
  }

  /** The random numbers for one purpose of a batch, see {@link streams}. */
  random(purpose: number, { epoch, batch }: Position): Random {
    return randomFor(this.#seed, purpose, epoch, batch, ...this.share.seeds);
  }

  /** Returns a batch, which the caller releases, and prefetches the one that this process takes after it. */
  async take(position: Position): Promise<Batch> {
    if (
      this.#next?.position.epoch !== position.epoch ||
      this.#next.position.batch !== position.batch
    ) {
      await this.close();
    }
    const { batch } = this.#next ?? this.#read(position);
    this.#next = undefined;
    const current = await batch;
    const { rank, size } = this.share;
    const { epoch, batch: first } = this.after(position, size);
    const next = { epoch, batch: epoch === position.epoch ? first : rank };
    if (epoch < this.#epochs && next.batch < this.length(epoch)) this.#next = this.#read(next);
    return current;
  }

  /** The position `batches` after another, but at most the start of the next epoch. */
  after({ epoch, batch }: Position, batches: number): Position {
    const last = batch + batches >= this.length(epoch);
    return last ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + batches };
  }

  /** Releases the prefetched batch. */
  async close(): Promise<void> {
    const pending = this.#next?.batch;
    this.#next = undefined;
    const batch = await pending?.catch(() => undefined);
    if (batch !== undefined) this.#task.release(batch);
  }

  #read(position: Position): { position: Position; batch: Promise<Batch> } {
    const batch = this.#load(position);
    // Awaited by `take`; until then, a failure must not count as unhandled.
    batch.catch(() => {});
    return { position, batch };
  }

  async #load({ epoch, batch }: Position): Promise<Batch> {
    const plan = this.#plan(epoch);
    const item = plan[batch];
    if (item === undefined) {
      throw new AttendError(
        "BAD_DATA",
        `epoch ${epoch + 1} has ${plan.length} batches, but the training is at batch ${batch + 1}; resume with the original data`,
      );
    }
    return this.#task.load(item, this.random(streams.load, { epoch, batch }));
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
