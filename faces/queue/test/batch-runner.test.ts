import { AttendError } from "@attend/runtime/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addItems } from "../src/add.ts";
import { BatchRunner } from "../src/batch-runner.ts";
import { countTry, readLines } from "../src/outcomes.ts";
import type { Store } from "../src/store.ts";
import { readWork } from "../src/work.ts";
import { describeWithRedis, withStore } from "./support/redis.ts";

const order = { kind: "translation", source: "texts.txt", model: {}, options: {} } as const;

async function fill(store: Store, count: number) {
  async function* texts() {
    for (let i = 0; i < count; i++) yield { text: String(i) };
  }
  await addItems(store, order, texts(), { most: 1e6, signal: new AbortController().signal });
  return { first: 0, items: Array.from({ length: count }, (_, i) => ({ text: String(i) })) };
}

function translationOf(source: string) {
  const text = `${source} translated`;
  const alternatives: never[] = [];
  return {
    translations: [{ source, text, score: 0, logProbability: 0, confident: true, alternatives }],
  };
}

/** Engines that fail as often as is said of an input, and tell with how many others each came. */
class Engines {
  readonly #failures: Map<string, number>;
  readonly alone: string[] = [];

  constructor(failures: ReadonlyMap<string, number>) {
    this.#failures = new Map(failures);
  }

  async run({ input, alone = false }: { input: unknown; alone?: boolean }): Promise<unknown> {
    const text = String(input);
    if (alone) this.alone.push(text);
    const left = this.#failures.get(text) ?? 0;
    this.#failures.set(text, left - 1);
    if (left > 0) throw new AttendError("BAD_DATA", `${text} is bad`);
    return translationOf(text);
  }
}

/** Runs a batch as often as BullMQ would. */
async function runToEnd(runner: BatchRunner, data: Awaited<ReturnType<typeof fill>>) {
  for (let attemptsMade = 0; ; attemptsMade++) {
    try {
      await runner.run({ data, attemptsMade, stalledCounter: 0 });
      return attemptsMade + 1;
    } catch (thrown) {
      expect(String(thrown)).toMatch(/\d+ of \d+ items are tried again/);
    }
  }
}

describeWithRedis("a batch", (redis) => {
  test("is tried until each item has an outcome, which is a failure after three", async () => {
    const failures = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(failures, (counts) =>
        withStore(redis.newQueue(), async (store) => {
          const data = await fill(store, counts.length);
          let done = 0;
          const engines = new Engines(new Map(counts.map((count, i) => [String(i), count])));
          const runner = new BatchRunner(store, engines, (count) => {
            done += count;
          });
          const tries = await runToEnd(runner, data);
          expect(tries).toBe(Math.min(3, Math.max(...counts) + 1));
          const lines = (await readLines(store, 0, counts.length)).map((line) => JSON.parse(line));
          const expected = counts.map((count, i) =>
            count < 3
              ? { source: String(i), text: `${i} translated` }
              : { text: String(i), error: `${i} is bad`, code: "BAD_DATA" },
          );
          expect(lines).toMatchObject(expected);
          // Only those that failed go alone.
          expect(new Set(engines.alone)).toEqual(
            new Set(counts.flatMap((count, i) => (count > 0 ? [String(i)] : []))),
          );
          expect(done).toBe(counts.length);
          const failed = counts.filter((count) => count >= 3).length;
          expect(await readWork(store)).toMatchObject({ done, failed });
        }),
      ),
      { numRuns: 25 },
    );
  });

  test("whose workers ended goes one by one, and an item that ended three fails", () =>
    withStore(redis.newQueue(), async (store) => {
      const data = await fill(store, 3);
      for (let i = 0; i < 3; i++) await countTry(store, 1);
      const engines = new Engines(new Map());
      await new BatchRunner(store, engines, () => {}).run({
        data,
        attemptsMade: 0,
        stalledCounter: 2,
      });
      expect(engines.alone).toEqual(["0", "2"]);
      const lines = await readLines(store, 0, 3);
      expect(JSON.parse(lines[1] ?? "")).toEqual({
        text: "1",
        error: "the worker ended 3 times while it worked on this",
        code: "WORKER_ENDED",
      });
    }));
});
