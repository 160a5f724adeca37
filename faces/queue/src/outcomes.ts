import { z } from "zod";
import type { Store } from "./store.ts";

/** What came of an item: a line of JSON, and why it failed, as a code, or "". */
export interface Outcome {
  /** The item's number among all, from 0. */
  readonly index: number;
  readonly line: string;
  readonly code: string;
}

/** An item that failed so often is not tried again. */
export const maxTries = 3;

/** So many failures are shown. */
const shownFailures = 1000;

/** Those of consecutive items that have no outcome yet. @param collected how many had one that was freed */
export async function openItems(
  store: Store,
  {
    first,
    count,
    collected,
  }: { readonly first: number; readonly count: number; collected: number },
): Promise<number[]> {
  const indexes = Array.from({ length: count }, (_, i) => first + i);
  const outcomes = await store.redis.hmget(store.key("outcomes"), ...indexes.map(String));
  return indexes.filter((index, i) => index >= collected && outcomes[i] === null);
}

/** Counts a try of an item before it starts: what ends the worker is counted, too. */
export function countTry(store: Store, index: number): Promise<number> {
  return store.redis.hincrby(store.key("tries"), String(index), 1);
}

/**
 * Each outcome that is the item's first is kept, unless it is a failure that leaves it another try.
 * KEYS: work, outcomes, tries, failures, failed; ARGV: most tries, what to count, most failures shown, then index, line,
 * code of each. Returns how many are to be tried again.
 */
const recordScript = `
local collected = redis.call("HGET", KEYS[1], "collected")
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
local again = 0
for i = 4, #ARGV, 3 do
  local index, line, code = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if tonumber(index) >= tonumber(collected or 0) and redis.call("HEXISTS", KEYS[2], index) == 0 then
    if code ~= "" and redis.call("HINCRBY", KEYS[3], index, ARGV[2]) < tonumber(ARGV[1]) then
      again = again + 1
    else
      redis.call("HSET", KEYS[2], index, line)
      redis.call("HDEL", KEYS[3], index)
      redis.call("HINCRBY", KEYS[1], "done", 1)
      if code ~= "" then
        redis.call("HINCRBY", KEYS[1], "failed", 1)
        redis.call("HINCRBY", KEYS[4], code, 1)
        if redis.call("LLEN", KEYS[5]) < tonumber(ARGV[3]) then redis.call("RPUSH", KEYS[5], line) end
      end
    end
  end
end
return again`;

/**
 * Keeps outcomes, each item's once, whoever else has done the same item.
 *
 * @param options.isCounted whether the tries were counted before, by {@link countTry}
 * @returns how many items failed and are to be tried again
 */
export async function record(
  store: Store,
  outcomes: readonly Outcome[],
  { isCounted }: { readonly isCounted: boolean },
): Promise<number> {
  if (outcomes.length === 0) return 0;
  const keys = ["work", "outcomes", "tries", "failures", "failed"].map((part) => store.key(part));
  const fields = outcomes.flatMap(({ index, line, code }) => [index, line, code]);
  const limits = [maxTries, isCounted ? 0 : 1, shownFailures];
  const again = await store.redis.eval(recordScript, keys.length, ...keys, ...limits, ...fields);
  return z.number().parse(again);
}

/** How many items failed for each reason, and the lines of the first. */
export async function readFailures(store: Store): Promise<{
  readonly counts: Readonly<Record<string, number>>;
  readonly lines: readonly string[];
}> {
  const [counts, lines] = await Promise.all([
    store.redis.hgetall(store.key("failures")),
    store.redis.lrange(store.key("failed"), 0, -1),
  ]);
  return { counts: z.record(z.string(), z.coerce.number()).parse(counts), lines };
}

/** KEYS: work, outcomes; ARGV: from, to, bytes then. Whoever else has collected these meanwhile has written the same. */
const freeScript = `
local collected = tonumber(redis.call("HGET", KEYS[1], "collected") or 0)
if collected == tonumber(ARGV[2]) then return 1 end
if collected ~= tonumber(ARGV[1]) then return 0 end
redis.call("HSET", KEYS[1], "collected", ARGV[2], "bytes", ARGV[3])
for index = ARGV[1], ARGV[2] - 1 do redis.call("HDEL", KEYS[2], string.format("%d", index)) end
return 1`;

/** The lines from an item on, as far as there are outcomes without a gap; at most `most`. */
export async function readLines(store: Store, from: number, most: number): Promise<string[]> {
  const indexes = Array.from({ length: most }, (_, i) => String(from + i));
  const lines = await store.redis.hmget(store.key("outcomes"), ...indexes);
  const gap = lines.indexOf(null);
  return (gap < 0 ? lines : lines.slice(0, gap)).filter((line) => line !== null);
}

/** Frees outcomes that are in a file. @returns whether nobody else collects */
export async function free(
  store: Store,
  { from, to, bytes }: { readonly from: number; readonly to: number; readonly bytes: number },
): Promise<boolean> {
  const keys = [store.key("work"), store.key("outcomes")];
  return (await store.redis.eval(freeScript, keys.length, ...keys, from, to, bytes)) === 1;
}
