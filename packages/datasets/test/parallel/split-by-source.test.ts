import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitBySource } from "../../src/index.ts";

const pairs = ["Go.", "Go.", "Hi.", "go. ", "Stop", "Hi.", "No"].map((source, n) => ({
  source,
  n,
}));

describe("splitBySource", () => {
  test("puts no held-out source into train, and loses nothing", () => {
    const sources = fc.array(fc.constantFrom("a", "A", "b", " b", "c", "ｃ", "d"), {
      minLength: 2,
    });
    const share = fc.oneof(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.constant(1));
    fc.assert(
      fc.property(sources, share, fc.integer(), (list, heldOut, seed) => {
        const given = list.map((source, n) => ({ source, n }));
        const key = ({ source }: { source: string }) =>
          source.normalize("NFKC").toLowerCase().trim();
        const distinct = new Set(given.map(key)).size;
        fc.pre(Math.max(Math.round(distinct * heldOut), 1) < distinct);
        const split = splitBySource(given, { heldOut, seed });
        const held = new Set(split.heldOut.map(key));
        expect(split.train.filter((pair) => held.has(key(pair)))).toEqual([]);
        expect(held.size).toBe(heldOut < 1 ? Math.max(Math.round(distinct * heldOut), 1) : heldOut);
        const order = (a: { n: number }, b: { n: number }) => a.n - b.n;
        expect([...split.train, ...split.heldOut].sort(order)).toEqual(given);
        for (const part of [split.train, split.heldOut]) expect(part).toEqual(part.toSorted(order));
        expect(splitBySource(given, { heldOut, seed })).toEqual(split);
      }),
    );
  });

  test("depends on the seed", () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ source: `${n}` }));
    const held = (seed: number) => splitBySource(many, { heldOut: 10, seed }).heldOut;
    expect(held(1)).not.toEqual(held(2));
    expect(held(1)).toHaveLength(10);
  });

  test("can distinguish sources by another key", () => {
    const keyOf = (source: string) => source;
    const { train, heldOut } = splitBySource(pairs, { heldOut: 4, seed: 1, keyOf });
    expect(new Set([...train].map(({ source }) => source)).size).toBe(1);
    expect(new Set(heldOut.map(({ source }) => source)).size).toBe(4);
  });

  test.each([0, -1, 4, 5, 1.5, Number.NaN])("cannot hold out %s of 4", (heldOut) => {
    expect(() => splitBySource(pairs, { heldOut, seed: 1 })).toThrow(
      expect.objectContaining({
        code: "BAD_ARGUMENT",
        message: `heldOut is ${heldOut}; give a fraction between 0 and 1 of the 4 different sources, or a count that leaves at least one to train on`,
      }),
    );
  });

  test("leaves at least one source to train on", () => {
    const { train } = splitBySource(pairs, { heldOut: 0.95, seed: 1 });
    expect(new Set(train.map(({ source }) => source.trim().toLowerCase())).size).toBe(1);
  });
});
