import fc from "fast-check";
import { expect, test } from "vitest";
import { batchesOf } from "../src/add.ts";
import { allOf } from "./support/all-of.ts";

async function* range(count: number) {
  for (let i = 0; i < count; i++) yield { text: String(i) };
}

test("every item is in one batch, in order, wherever adding was interrupted", async () => {
  const sizes = fc.record({
    count: fc.nat({ max: 300 }),
    size: fc.integer({ min: 1, max: 40 }),
    batchesBefore: fc.nat({ max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ count, size, batchesBefore }) => {
      const skipped = Math.min(count, batchesBefore * size);
      const batches = (await allOf(batchesOf(range(count), size, skipped))).flat();
      const whole = (await allOf(batchesOf(range(count), size, 0))).flat();
      expect(whole.flatMap(({ items }) => items)).toEqual(await allOf(range(count)));
      expect(whole.slice(0, -1).every(({ items }) => items.length === size)).toBe(true);
      // The rest is as it would have been.
      expect(batches).toEqual(whole.filter(({ first }) => first >= skipped));
    }),
  );
});

test("no more is read than is asked for", async () => {
  let read = 0;
  async function* endless() {
    for (;;) yield { text: String(read++) };
  }
  for await (const batches of batchesOf(endless(), 10, 0)) {
    expect(batches).toHaveLength(16);
    break;
  }
  expect(read).toBe(160);
});
