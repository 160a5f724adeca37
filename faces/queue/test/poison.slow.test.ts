import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { addItems } from "../src/add.ts";
import { collect } from "../src/collect.ts";
import { readStatus } from "../src/status.ts";
import { requireWork } from "../src/work.ts";
import { startWorker } from "../src/worker.ts";
import { readJsonLines } from "./support/program.ts";
import { describeWithRedis, withStore } from "./support/redis.ts";

const program = new URL("program/poisoned-engine.ts", import.meta.url);
const texts = ["A dog runs.", "Two men sing.", "poison", "A man rides a bicycle.", "A cat."];
const order = {
  kind: "translation",
  source: "texts.txt",
  model: {},
  options: { nBest: 1, attention: false },
} as const;

async function* items() {
  for (const text of texts) yield { text };
}

describeWithRedis("an item that ends the engine's process", (redis) => {
  test("fails after three tries, and no other of its batch does", () =>
    withStore(redis.newQueue(), async (store) => {
      const { signal } = new AbortController();
      await addItems(store, order, items(), { most: 100, signal });
      const troubles: string[] = [];
      let done = 0;
      const worker = await startWorker(store, await requireWork(store), {
        ...{ processes: 1, timeout: 300, lostAfter: 30, program },
        onTrouble: (message) => troubles.push(message),
        onDone: (count) => {
          done += count;
        },
      });
      while ((await requireWork(store)).done < texts.length) await wait(100);
      const { workers } = await readStatus(store);
      expect(workers).toMatchObject([{ pid: process.pid, processes: 1 }]);
      await worker.close();
      expect(await readStatus(store)).toMatchObject({
        ...{ done: texts.length, failed: 1, failures: { ENGINE_ENDED: 1 }, workers: [] },
        batches: { waiting: 0, active: 0, delayed: 0 },
      });
      expect([done, troubles]).toEqual([texts.length, []]);
      const out = join(temporaryDirectory(), "out.jsonl");
      await collect(store, { out, follow: true, signal });
      const lines = readJsonLines(out);
      expect(lines[2]).toMatchObject({ text: "poison", code: "ENGINE_ENDED" });
      const others = lines.filter((_, i) => i !== 2).map(({ source }) => source);
      expect(others).toEqual(texts.filter((text) => text !== "poison"));
    }));
});
