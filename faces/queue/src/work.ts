import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { kindNames } from "./kinds/index.ts";
import type { Store } from "./store.ts";

const json = z.string().transform((text): unknown => JSON.parse(text));
const count = z.coerce.number().int().default(0);

/** The fields of a hash in Redis. */
const workSchema = z.object({
  kind: z.enum(kindNames),
  /** Where the items come from: a path or an address. */
  source: z.string(),
  /** Which model, and how it is used: as the engine processes expect it. */
  model: json.pipe(z.record(z.string(), z.unknown())),
  options: json.pipe(z.record(z.string(), z.unknown())),
  /** Items in the queue so far. */
  added: count,
  /** Whether all items were added. */
  complete: z.coerce.boolean().default(false),
  /** Items with an outcome; those of them that failed. */
  done: count,
  failed: count,
  /** Outcomes that were written to a file, and the bytes that they take there. */
  collected: count,
  bytes: count,
  out: z.string().optional(),
});
/** What is to be done, and how far it is. */
export type Work = z.output<typeof workSchema>;

/** What a queue is to do. */
export type Order = Pick<Work, "kind" | "source" | "model" | "options">;

/** The work of a queue; undefined if nothing was added to it. */
export async function readWork(store: Store): Promise<Work | undefined> {
  const fields = await store.redis.hgetall(store.key("work"));
  return Object.keys(fields).length === 0 ? undefined : workSchema.parse(fields);
}

/** @throws AttendError DATA_MISSING if nothing was added to the queue */
export async function requireWork(store: Store): Promise<Work> {
  const work = await readWork(store);
  if (work !== undefined) return work;
  const message = `there is nothing in the queue ${store.name}; fill it with attend-queue add`;
  throw new AttendError("DATA_MISSING", message);
}

/**
 * Starts the work of a queue, or goes on with adding to it.
 *
 * @throws AttendError BAD_ARGUMENT if the queue has other work, or all of this
 */
export async function startWork(store: Store, order: Order): Promise<Work> {
  const { kind, source } = order;
  const fields = {
    ...{ kind, source },
    model: JSON.stringify(order.model),
    options: JSON.stringify(order.options),
  };
  const key = store.key("work");
  if ((await store.redis.hsetnx(key, "kind", kind)) === 1) await store.redis.hset(key, fields);
  const found = await store.redis.hmget(key, ...Object.keys(fields));
  const remedy = `collect that and then attend-queue remove it, or give the queue another name`;
  if (found.join("\n") !== Object.values(fields).join("\n")) {
    const [has, from] = found;
    const message = `the queue ${store.name} has other work already (${has} of ${from}); ${remedy}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const work = await requireWork(store);
  if (!work.complete) return work;
  const message = `all ${work.added} items of ${source} are in the queue ${store.name} already; ${remedy}`;
  throw new AttendError("BAD_ARGUMENT", message);
}
