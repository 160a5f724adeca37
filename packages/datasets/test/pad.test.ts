import fc from "fast-check";
import { expect, test } from "vitest";
import { padTokens, teacherForcing } from "../src/index.ts";

const special = { padId: 0, startId: 1, endId: 2 };
const sequences = fc.array(fc.array(fc.integer({ min: 3, max: 99 }), { maxLength: 12 }), {
  maxLength: 8,
});
const rowsOf = (values: ArrayLike<number>, steps: number, batch: number) =>
  Array.from({ length: batch }, (_, row) =>
    Array.from(values).slice(row * steps, (row + 1) * steps),
  );

test("padTokens fills up to the longest", () => {
  expect(padTokens([[5, 6, 7], [], [8]], { padId: 9 })).toEqual({
    ids: Int32Array.of(5, 6, 7, 9, 9, 9, 8, 9, 9),
    lengths: Int32Array.of(3, 0, 1),
    steps: 3,
  });
  expect(padTokens([], { padId: 9 }).steps).toBe(0);
});

test("teacherForcing shifts inputs against targets", () => {
  expect(teacherForcing([[5, 6], [7]], special)).toEqual({
    inputs: Int32Array.of(1, 5, 6, 1, 7, 0),
    targets: Int32Array.of(5, 6, 2, 7, 2, 0),
    mask: Float32Array.of(1, 1, 1, 1, 1, 0),
    lengths: Int32Array.of(3, 2),
    steps: 3,
  });
});

test("a caption that is cut does not teach an end", () => {
  const { inputs, targets, lengths, steps } = teacherForcing(
    [
      [5, 6, 7],
      [8, 9],
    ],
    {
      ...special,
      maxSteps: 3,
    },
  );
  expect(steps).toBe(3);
  expect([...inputs]).toEqual([1, 5, 6, 1, 8, 9]);
  expect([...targets]).toEqual([5, 6, 7, 8, 9, 2]);
  expect([...lengths]).toEqual([3, 3]);
});

test("the mask is 1 exactly where a target is no padding; inputs follow targets by one", () => {
  const maxSteps = fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined });
  fc.assert(
    fc.property(sequences, maxSteps, (captions, limit) => {
      const batch = teacherForcing(captions, { ...special, maxSteps: limit });
      const rows = (values: ArrayLike<number>) => rowsOf(values, batch.steps, captions.length);
      expect([...batch.mask]).toEqual(Array.from(batch.targets, (id) => (id === 0 ? 0 : 1)));
      for (const [row, tokens] of captions.entries()) {
        const length = batch.lengths[row] ?? 0;
        expect(length).toBe(Math.min(tokens.length + 1, limit ?? Infinity));
        expect(rows(batch.targets)[row]?.slice(0, length)).toEqual([...tokens, 2].slice(0, length));
        expect(rows(batch.inputs)[row]?.slice(0, length)).toEqual([1, ...tokens].slice(0, length));
        expect(
          rows(batch.inputs)
            [row]?.slice(length)
            .every((id) => id === 0),
        ).toBe(true);
      }
      expect(batch.steps).toBe(Math.max(0, ...batch.lengths));
    }),
  );
});
