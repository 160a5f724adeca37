import { tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { beamSearch, type Hypothesis } from "../src/index.ts";
import { maxLength, penalties, sources } from "./support/arbitraries.ts";
import { judge, Listener } from "./support/listener.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

const keys = (hypotheses: readonly Hypothesis[]) =>
  hypotheses.map(({ tokens, ended }) => `${tokens} ${ended}`);

const model = fc.record({ seed: fc.integer(), sources, penalties, maxLength });

test("one group is plain beam search at any strength", () => {
  fc.assert(
    fc.property(model, ({ seed, sources, penalties, maxLength }) => {
      const decoder = new Listener(seed);
      const options = { ...penalties, beamWidth: 3, maxLength };
      const plain = beamSearch(decoder, sources, special, options);
      for (const strength of [0, 2]) {
        const diversity = { groups: 1, strength };
        expect(beamSearch(decoder, sources, special, { ...options, diversity })).toEqual(plain);
      }
      decoder.dispose();
    }),
    { numRuns: 8 },
  );
});

test("without strength, all groups find the same hypotheses, which are returned once", () => {
  fc.assert(
    fc.property(model, ({ seed, sources, penalties, maxLength }) => {
      const decoder = new Listener(seed);
      const options = { ...penalties, maxLength };
      const plain = beamSearch(decoder, sources, special, { ...options, beamWidth: 2 });
      const diversity = { groups: 2, strength: 0 };
      const groups = beamSearch(decoder, sources, special, { ...options, beamWidth: 4, diversity });
      groups.forEach((found, row) => {
        // The first group may have the greedy hypothesis instead of its last.
        for (const key of keys(plain[row]!)) expect(keys(found)).toContain(key);
        expect(found.length).toBeLessThanOrEqual(3);
        expect(found[0]?.score).toBeCloseTo(plain[row]?.[0]?.score ?? Number.NaN, 4);
      });
      decoder.dispose();
    }),
    { numRuns: 8 },
  );
});

test("strength makes groups differ, except for the first, with the model's scores", () => {
  let gained = 0;
  fc.assert(
    fc.property(model, ({ seed, sources, penalties, maxLength }) => {
      const decoder = new Listener(seed);
      const options = { ...penalties, maxLength, minLength: 2 };
      const first = beamSearch(decoder, sources, special, { ...options, beamWidth: 1 });
      const search = (strength: number) =>
        beamSearch(decoder, sources, special, {
          ...options,
          beamWidth: 4,
          diversity: { groups: 4, strength },
        });
      const [none, strong] = [search(0), search(50)];
      strong.forEach((found, row) => {
        expect(keys(found)).toContain(keys(first[row]!)[0]);
        // There are four words, so each group must start with a different one.
        expect(new Set(found.map(({ tokens }) => tokens[0])).size).toBe(4);
        gained += found.length - none[row]!.length;
        expect(found.map(({ score }) => score)).toEqual(
          found.map(({ score }) => score).toSorted((a, b) => b - a),
        );
        for (const hypothesis of found) {
          const { score } = judge(decoder, sources[row]!, hypothesis, penalties);
          expect(hypothesis.score).toBeCloseTo(score, 3);
        }
      });
      decoder.dispose();
    }),
    { numRuns: 8 },
  );
  expect(gained).toBeGreaterThan(8);
});

test("the penalty of a token is strength times its uses at the step", () => {
  // Words 4 to 7 in decreasing order, with differences of 1.5.
  const row = [-9, -9, -9, -9, 4.5, 3, 1.5, 0];
  const decoder = () => new TableDecoder(tf.tile(tf.tensor2d([row]), [8, 1]) as tf.Tensor2D);
  const firsts = (strength: number) =>
    beamSearch(decoder(), 1, special, {
      beamWidth: 3,
      maxLength: 1,
      minLength: 1,
      diversity: { groups: 3, strength },
    })[0]?.map(({ tokens }) => tokens[0]);
  expect(firsts(1.4)).toEqual([4, 5]); // 4, 4 at 3.1, then 5 (3) before 4 at 1.7
  expect(firsts(1.6)).toEqual([4, 5]); // 4, 5 (3) before 4 at 2.9, then 4 at 2.9 before 5 at 1.4
  expect(firsts(3.1)).toEqual([4, 5, 6]);
});

test.each([
  [{ groups: 0, strength: 1 }, "diversity.groups is 0; it must be a positive integer"],
  [{ groups: 3, strength: 1 }, "diversity.groups is 3; it must be a divisor of beamWidth (4)"],
  [{ groups: 2, strength: -1 }, "diversity.strength is -1; it must be a non-negative number"],
  [{ groups: 2, strength: Number.POSITIVE_INFINITY }, "diversity.strength is Infinity; it must"],
])("rejects %j", (diversity, message) => {
  const decoder = new TableDecoder(tf.zeros([6, 6]));
  const options = { beamWidth: 4, maxLength: 5, diversity };
  expect(() => beamSearch(decoder, 1, special, options)).toThrow(message);
});
