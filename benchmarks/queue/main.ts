/**
 * Measures what the queue itself costs: processor time an item, of adding, working and collecting, and of Redis. The items
 * are empty texts, which the translator answers without its network; what the engine process does is not counted.
 *
 *   pnpm --filter @attend/benchmarks queue [--items 50000]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  addItems,
  collect,
  parseQueueAddress,
  readWork,
  Store,
  startWorker,
} from "../../faces/queue/src/index.ts";
import { startRedis } from "../../packages/test-kit/src/redis.ts";
import { positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine } from "../support/machine.ts";

const { values: flags } = parseArgs({ options: { items: { type: "string" } } });
const count = positiveInteger("items", flags.items) ?? 50_000;
const { signal } = new AbortController();
const order = {
  kind: "translation",
  source: "texts",
  model: {},
  options: { nBest: 1, attention: false },
} as const;

const redis = await startRedis();
if (redis === undefined) throw new Error("redis-server is not installed");
const store = await Store.open(parseQueueAddress(`${redis.url}/overhead`));
const folder = mkdtempSync(join(tmpdir(), "attend-queue-"));
try {
  printMachine(describeMachine(), [`${count} items`]);
  console.log("\n| | ms of processor an item | Redis's |\n| --- | ---: | ---: |");
  await measure("add", () => addItems(store, order, texts(), { most: 2 * count, signal }));
  const worker = await startWorker(store, order, {
    ...{ processes: 1, timeout: 600, lostAfter: 30, onTrouble: console.warn },
  });
  await measure("work", async () => {
    while (((await readWork(store))?.done ?? 0) < count) await wait(500);
  });
  await worker.close();
  const out = join(folder, "out.jsonl");
  await measure("collect", () => collect(store, { out, follow: true, signal }));
} finally {
  store.close();
  await redis.stop();
  rmSync(folder, { recursive: true });
}

async function* texts() {
  for (let i = 0; i < count; i++) yield { text: "", id: i };
}

/** Prints a row: what a part of the work takes of this process and of Redis. */
async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  const [own, others] = [process.cpuUsage(), await redisSeconds()];
  await work();
  const { user, system } = process.cpuUsage(own);
  const ofRedis = (1000 * ((await redisSeconds()) - others)) / count;
  console.log(
    `| ${name} | ${((user + system) / 1000 / count).toFixed(3)} | ${ofRedis.toFixed(3)} |`,
  );
}

/** Processor time that Redis has used. */
async function redisSeconds(): Promise<number> {
  const info = await store.redis.info("cpu");
  const used = (name: string) => Number(new RegExp(`^used_cpu_${name}:(.*)$`, "m").exec(info)?.[1]);
  return used("user") + used("sys");
}
