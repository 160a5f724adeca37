import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beamSearch,
  type DecodeOptions,
  decodeEach,
  type Hypothesis,
  sampling,
} from "../src/index.ts";
import { constraints, maxLength, sources } from "./support/arbitraries.ts";
import { judge, Listener, words } from "./support/listener.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

/** How many n-grams stand in `tokens` once more. */
function repeats(tokens: readonly number[], n: number): number {
  const ngrams = tokens.slice(n - 1).map((_, i) => tokens.slice(i, i + n).join());
  return ngrams.length - new Set(ngrams).size;
}

/** Fails unless a hypothesis of `row` is as asked for; four words suffice to keep to every constraint. */
function expectKept(
  { tokens, ended }: Hypothesis,
  row: number,
  { maxLength, minLength = 0, noRepeatNgram = 0, prefix }: DecodeOptions,
): void {
  const limit = typeof maxLength === "number" ? maxLength : maxLength[row];
  if (ended) expect(tokens.length).toBeLessThan(limit ?? 0);
  else expect(tokens).toHaveLength(limit ?? 0);
  for (const token of tokens) expect(words).toContain(token);
  const given = prefix?.[row] ?? [];
  expect(tokens.slice(0, given.length)).toEqual(given);
  expect(tokens.length).toBeGreaterThanOrEqual(minLength);
  if (noRepeatNgram === 0) return;
  // What is given may repeat itself, what follows may not.
  expect(repeats(tokens, noRepeatNgram)).toBe(repeats(given, noRepeatNgram));
}

describe("whatever the constraints", () => {
  const model = fc.record({ seed: fc.integer(), sources, constraints, maxLength });

  test("beams, greedy search and samples keep to them, and score as the model does", () => {
    fc.assert(
      fc.property(model, ({ seed, sources: given, constraints: asked, maxLength: limit }) => {
        const decoder = new Listener(seed);
        const options = { ...asked, maxLength: limit };
        const choose = sampling(createRandom(seed), { temperature: 2, topK: 5, topP: 0.95 });
        const beams = beamSearch(decoder, given, special, { ...options, beamWidth: 3 });
        const greedy = decodeEach(decoder, given, special, options);
        const drawn = decodeEach(decoder, given, special, { ...options, choose, copies: 2 });
        given.forEach((source, row) => {
          const found = [...(beams[row] ?? []), greedy[row]!, ...drawn.slice(2 * row, 2 * row + 2)];
          expect(found.length).toBeGreaterThan(3);
          for (const hypothesis of found) {
            expectKept(hypothesis, row, options);
            const { logProbability } = judge(decoder, source, hypothesis);
            expect(hypothesis.logProbability).toBeCloseTo(logProbability, 3);
          }
        });
        decoder.dispose();
      }),
      { numRuns: 20 },
    );
  });

  test("one beam is greedy search", () => {
    fc.assert(
      fc.property(model, ({ seed, sources: given, constraints: asked, maxLength: limit }) => {
        const decoder = new Listener(seed);
        const options = { ...asked, maxLength: limit };
        const beams = beamSearch(decoder, given, special, { ...options, beamWidth: 1 }).flat();
        const greedy = decodeEach(decoder, given, special, options);
        expect(beams.map(({ tokens }) => tokens)).toEqual(greedy.map(({ tokens }) => tokens));
        beams.forEach(({ score, ended }, row) => {
          expect(ended).toBe(greedy[row]?.ended);
          expect(score).toBeCloseTo(greedy[row]?.score ?? Number.NaN, 3);
        });
        decoder.dispose();
      }),
      { numRuns: 20 },
    );
  });
});

describe("where nothing may follow before the minimal length", () => {
  // Words 4 and 5; after both of them no unigram is left.
  const decoder = () => new TableDecoder(tf.fill<tf.Rank.R2>([6, 6], 0));
  const options = { maxLength: 5, minLength: 4, noRepeatNgram: 1 };

  test("the sequence ends", () => {
    const [greedy] = decodeEach(decoder(), 1, special, options);
    expect(greedy).toMatchObject({ tokens: [4, 5], ended: true });
    expect(greedy?.score).toBeCloseTo(3 * Math.log(1 / 3), 4);
    const [beams = []] = beamSearch(decoder(), 1, special, { ...options, beamWidth: 4 });
    expect(beams.map(({ tokens }) => tokens)).toEqual([
      [4, 5],
      [5, 4],
    ]);
    for (const { score } of beams) expect(score).toBeCloseTo(3 * Math.log(1 / 3), 4);
  });
});

test("a forbidden token's probability goes to no other", () => {
  const table = tf.tile(tf.tensor2d([[0, 0, 3, 0, 2, 1]]), [6, 1]) as tf.Tensor2D;
  const [found] = decodeEach(new TableDecoder(table), 1, special, { maxLength: 1, minLength: 1 });
  const sum = Math.exp(3) + Math.exp(2) + Math.exp(1);
  expect(found).toMatchObject({ tokens: [4], ended: false });
  expect(found?.logProbability).toBeCloseTo(Math.log(Math.exp(2) / sum), 4);
});

test.each([
  [{ minLength: -1 }, "minLength is -1; it must be a whole number from 0 on"],
  [{ minLength: 1.5 }, "minLength is 1.5; it must be a whole number from 0 on"],
  [{ minLength: 6 }, "minLength is 6, but maxLength is 5 (row 0); it must be at most maxLength"],
  [{ maxLength: [9, 4], minLength: 6 }, "but maxLength is 4 (row 1)"],
  [{ noRepeatNgram: -2 }, "noRepeatNgram is -2; it must be a whole number from 0 on"],
  [{ noRepeatNgram: Number.NaN }, "noRepeatNgram is NaN; it must be"],
  [{ maxLength: [5] }, "maxLength is given for 1 rows; it must be given for each of the 2 rows"],
  [{ maxLength: [5, 0] }, "maxLength of row 1 is 0; it must be a whole number from 1 on"],
  [{ prefix: [[4]] }, "prefix is given for 1 rows; it must be given for each of the 2 rows"],
  [{ prefix: [[4], [5, 4, 4, 4, 4, 4]] }, "the prefix of row 1 has 6 tokens; it must be at most"],
  [{ prefix: [[], [4, 2]] }, "the prefix of row 1 holds 2; it must hold tokens below 6, not the"],
  [{ prefix: [[1], []] }, "the prefix of row 0 holds 1; it must"],
  [{ prefix: [[3], []] }, "the prefix of row 0 holds 3; it must"],
  [{ prefix: [[6], []] }, "the prefix of row 0 holds 6; it must"],
  [{ prefix: [[0.5], []] }, "the prefix of row 0 holds 0.5; it must"],
])("%j is refused", (given, message) => {
  const decoder = new TableDecoder(tf.zeros([6, 6]));
  const options = { maxLength: 5, beamWidth: 2, ...given };
  const before = tf.memory().numTensors;
  expect(() => beamSearch(decoder, 2, special, options)).toThrow(message);
  expect(() => decodeEach(decoder, 2, special, options)).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});
