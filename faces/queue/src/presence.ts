import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "./store.ts";

const workerSchema = z.object({
  host: z.string(),
  pid: z.number(),
  processes: z.number(),
  /** Items a second, lately. */
  rate: z.number(),
});
/** A worker that is at work. */
export type PresentWorker = z.output<typeof workerSchema>;

/** Milliseconds between signs of life, and until a worker without is taken for gone. */
const tellEvery = 2000;
const goneAfter = 10_000;
/** Milliseconds over which a rate is measured. */
const rateOver = 30_000;

/** Tells that a worker is there, and how fast it is. */
export class Presence {
  readonly #store: Store;
  readonly #id = randomUUID();
  readonly #worker: Omit<PresentWorker, "rate">;
  readonly #timer: NodeJS.Timeout;
  readonly #started = Date.now();
  #done: { readonly at: number; readonly count: number }[] = [];

  constructor(store: Store, worker: Omit<PresentWorker, "rate">) {
    this.#store = store;
    this.#worker = worker;
    this.#timer = setInterval(() => void this.#tell(), tellEvery);
    void this.#tell();
  }

  /** Items that were done now. */
  add(count: number): void {
    this.#done.push({ at: Date.now(), count });
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store.redis.del(this.#key);
    await this.#store.redis.srem(this.#store.key("workers"), this.#id);
  }

  get #key(): string {
    return this.#store.key(`worker:${this.#id}`);
  }

  async #tell(): Promise<void> {
    // What is asked while the connection is lost is asked later, all at once.
    if (this.#store.redis.status !== "ready") return;
    const since = Math.max(this.#started, Date.now() - rateOver);
    this.#done = this.#done.filter(({ at }) => at >= since);
    const count = this.#done.reduce((sum, each) => sum + each.count, 0);
    const rate = count / Math.max(1, (Date.now() - since) / 1000);
    await this.#store.redis.sadd(this.#store.key("workers"), this.#id);
    const text = JSON.stringify({ ...this.#worker, rate });
    await this.#store.redis.set(this.#key, text, "PX", goneAfter);
  }
}

/** The workers that have given a sign of life lately. */
export async function presentWorkers(store: Store): Promise<PresentWorker[]> {
  const ids = await store.redis.smembers(store.key("workers"));
  if (ids.length === 0) return [];
  const found = await store.redis.mget(ids.map((id) => store.key(`worker:${id}`)));
  const gone = ids.filter((_, i) => found[i] === null);
  if (gone.length > 0) await store.redis.srem(store.key("workers"), ...gone);
  return found.flatMap((text) =>
    typeof text === "string" ? workerSchema.parse(JSON.parse(text)) : [],
  );
}
