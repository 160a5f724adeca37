import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { temporaryDirectory } from "@attend/test-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addItems } from "../src/add.ts";
import { collect } from "../src/collect.ts";
import { countTry, openItems, readFailures, record } from "../src/outcomes.ts";
import { removeQueue } from "../src/remove.ts";
import { readStatus } from "../src/status.ts";
import type { Store } from "../src/store.ts";
import { readWork } from "../src/work.ts";
import { describeWithRedis, withStore } from "./support/redis.ts";

const order = { kind: "translation", source: "texts.txt", model: {}, options: {} } as const;
const { signal } = new AbortController();

async function* texts(count: number) {
  for (let i = 0; i < count; i++) yield { text: String(i) };
}

const fill = (store: Store, count: number) =>
  addItems(store, order, texts(count), { most: 1e6, signal });
const success = (index: number, by = "") => ({ index, line: `${index}${by}`, code: "" });
const failure = (index: number) => ({ index, line: `${index} failed`, code: "BAD_DATA" });
const all = (count: number) => Array.from({ length: count }, (_, i) => i);

describeWithRedis("outcomes", (redis) => {
  test("whoever does an item, and however often: its first outcome is collected once", async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant("do" as const), item: fc.nat(39), by: fc.nat(3) }),
      fc.record({ does: fc.constant("collect" as const), crashes: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
        withStore(redis.newQueue(), async (store) => {
          const out = join(temporaryDirectory(), "out");
          const expected = new Map<number, string>();
          await fill(store, 40);
          const take = () => collect(store, { out, follow: false, signal });
          for (const each of steps) {
            if (each.does === "do") {
              const outcome = success(each.item, ` by ${each.by}`);
              await record(store, [outcome], { isCounted: false });
              if (!expected.has(each.item)) expected.set(each.item, outcome.line);
            } else {
              await take();
              // It has written more than it could free.
              if (each.crashes) writeFileSync(out, "4", { flag: "a" });
            }
          }
          await record(
            store,
            all(40).map((i) => success(i)),
            { isCounted: false },
          );
          const { collected, done } = await take();
          expect([collected, done]).toEqual([40, 40]);
          const lines = all(40).map((i) => expected.get(i) ?? String(i));
          expect(readFileSync(out, "utf8")).toBe(`${lines.join("\n")}\n`);
          expect(await store.redis.hlen(store.key("outcomes"))).toBe(0);
        }),
      ),
      { numRuns: 25 },
    );
  });

  test("what was collected is not done again", () =>
    withStore(redis.newQueue(), async (store) => {
      await fill(store, 10);
      await record(
        store,
        [0, 1, 2, 5].map((i) => success(i)),
        { isCounted: false },
      );
      expect(await openItems(store, { first: 0, count: 10, collected: 0 })).toEqual([
        3, 4, 6, 7, 8, 9,
      ]);
      const out = join(temporaryDirectory(), "out");
      await collect(store, { out, follow: false, signal });
      expect(await openItems(store, { first: 0, count: 4, collected: 3 })).toEqual([3]);
      await record(store, [success(1), failure(2)], { isCounted: false });
      expect(await readWork(store)).toMatchObject({ done: 4, failed: 0, collected: 3 });
    }));

  test("the third failure of an item is its outcome", () =>
    withStore(redis.newQueue(), async (store) => {
      await fill(store, 3);
      for (const again of [2, 2]) {
        expect(await record(store, [failure(0), failure(2)], { isCounted: false })).toBe(again);
      }
      await record(store, [success(2)], { isCounted: false });
      expect(await countTry(store, 0)).toBe(3);
      expect(await record(store, [failure(0)], { isCounted: true })).toBe(0);
      expect(await readFailures(store)).toEqual({ counts: { BAD_DATA: 1 }, lines: ["0 failed"] });
      const status = await readStatus(store);
      expect(status).toMatchObject({ added: 3, done: 2, failed: 1, unit: "texts" });
      expect(await store.redis.exists(store.key("tries"))).toBe(0);
    }));

  test("adding goes on after an interruption, and does not begin again", () =>
    withStore(redis.newQueue(), async (store) => {
      const stop = new AbortController();
      async function* interrupted() {
        for await (const item of texts(3000)) {
          if (item.text === "1500") stop.abort();
          yield item;
        }
      }
      const options = { most: 1e6, signal: stop.signal };
      await expect(addItems(store, order, interrupted(), options)).rejects.toMatchObject({
        code: "INTERRUPTED",
      });
      expect(await readWork(store)).toMatchObject({ added: 2048, complete: false });
      const other = { ...order, source: "others.txt" };
      await expect(addItems(store, other, texts(1), { most: 1, signal })).rejects.toThrow(
        "has other work already (translation of texts.txt)",
      );
      expect(await fill(store, 3000)).toBe(3000);
      const { batches } = await readStatus(store);
      expect(batches.waiting).toBe(Math.ceil(3000 / 64));
      await expect(fill(store, 3000)).rejects.toThrow("all 3000 items of texts.txt are in");
    }));

  test("adding pauses while too much waits", () =>
    withStore(redis.newQueue(), async (store) => {
      let added = 0;
      const recorded: Promise<unknown>[] = [];
      const onAdded = (count: number) => {
        added = count;
        // As workers would, a little later.
        const lines = all(count).map((i) => success(i));
        recorded.push(wait(200).then(() => record(store, lines, { isCounted: false })));
      };
      await addItems(store, order, texts(3000), { most: 1000, signal, onAdded });
      expect(added).toBe(3000);
      expect((await readWork(store))?.done).toBeGreaterThanOrEqual(2048);
      await Promise.all(recorded);
    }));

  test("a file of others is not overwritten, nor is a part collected into another", () =>
    withStore(redis.newQueue(), async (store) => {
      await fill(store, 2);
      const out = join(temporaryDirectory(), "out");
      writeFileSync(out, "mine");
      const take = (file: string) => collect(store, { out: file, follow: false, signal });
      await expect(take(out)).rejects.toThrow("is there already; give a new file");
      expect(readFileSync(out, "utf8")).toBe("mine");
      await record(store, [success(0)], { isCounted: false });
      await expect(take("/none/out")).rejects.toMatchObject({ code: "WRITE_FAILED" });
      await take(`${out}2`);
      await expect(take(`${out}3`)).rejects.toThrow(`are collected in ${out}2`);
      writeFileSync(`${out}2`, "");
      await expect(take(`${out}2`)).rejects.toThrow("has 0 bytes, but 2 were collected there");
    }));

  test("nothing is left of a queue that is removed, even if a worker still does its items", () =>
    withStore(redis.newQueue(), async (store) => {
      await fill(store, 100);
      await removeQueue(store);
      await record(store, [success(0), failure(1)], { isCounted: false });
      expect(await store.redis.keys(`*:${store.name}:*`)).toEqual([]);
      await expect(removeQueue(store)).rejects.toMatchObject({ code: "DATA_MISSING" });
    }));
});
