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

/** The number of repeated n-grams in `tokens`. */
function repeats(tokens: readonly number[], n: number): number {
  const ngrams = tokens.slice(n - 1).map((_, i) => tokens.slice(i, i + n).join());
  return ngrams.length - new Set(ngrams).size;
}

/** Fails unless a hypothesis satisfies the constraints, which is always possible with four words. */
function expectSatisfied(
  { tokens, ended }: Hypothesis,
  row: number,
  { maxLength, minLength = 0, noRepeatNgram = 0, prefix }: DecodeOptions,
): void {
  const limit = typeof maxLength === "number" ? maxLength : maxLength[row];
  if (ended) expect(tokens.length).toBeLessThan(limit ?? 0);
  else expect(tokens).toHaveLength(limit ?? 0);
  for (const token of tokens) expect(words).toContain(token);
  const start = prefix?.[row] ?? [];
  expect(tokens.slice(0, start.length)).toEqual(start);
  expect(tokens.length).toBeGreaterThanOrEqual(minLength);
  if (noRepeatNgram === 0) return;
  // Only the prefix may repeat itself.
  expect(repeats(tokens, noRepeatNgram)).toBe(repeats(start, noRepeatNgram));
}

describe("with any constraints", () => {
  const model = fc.record({ seed: fc.integer(), sources, constraints, maxLength });

  test("beam search, greedy search and sampling satisfy them, with the model's scores", () => {
    fc.assert(
      fc.property(model, ({ seed, sources, constraints, maxLength }) => {
        const decoder = new Listener(seed);
        const options = { ...constraints, maxLength };
        const choose = sampling(createRandom(seed), { temperature: 2, topK: 5, topP: 0.95 });
        const beams = beamSearch(decoder, sources, special, { ...options, beamWidth: 3 });
        const greedy = decodeEach(decoder, sources, special, options);
        const samples = decodeEach(decoder, sources, special, { ...options, choose, copies: 2 });
        sources.forEach((source, row) => {
          const ofRow = samples.slice(2 * row, 2 * row + 2);
          const found = [...(beams[row] ?? []), greedy[row]!, ...ofRow];
          expect(found.length).toBeGreaterThan(3);
          for (const hypothesis of found) {
            expectSatisfied(hypothesis, row, options);
            const { logProbability } = judge(decoder, source, hypothesis);
            expect(hypothesis.logProbability).toBeCloseTo(logProbability, 3);
          }
        });
        decoder.dispose();
      }),
      { numRuns: 20 },
    );
  });

  test("a beam width of 1 is greedy search", () => {
    fc.assert(
      fc.property(model, ({ seed, sources, constraints, maxLength }) => {
        const decoder = new Listener(seed);
        const options = { ...constraints, maxLength };
        const beams = beamSearch(decoder, sources, special, { ...options, beamWidth: 1 }).flat();
        const greedy = decodeEach(decoder, sources, special, options);
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

describe("if no token is allowed before the minimum length", () => {
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

test("no n-gram of the sequences to avoid is decoded, whatever its place", () => {
  // Each token is followed by the next one, or else by the one after it.
  const table = Array.from({ length: 9 }, (_, from) =>
    Array.from({ length: 9 }, (_, to) => (to === from + 1 ? 9 : to === from + 2 ? 5 : 0)),
  );
  const decoder = new TableDecoder(tf.tensor2d(table));
  const first = { start: 3, end: 2, suppressed: [] };
  const tokensWith = (avoid: { sequences: number[][]; ngram: number }) =>
    decodeEach(decoder, 1, first, { maxLength: 4, avoid })[0]?.tokens;
  expect(tokensWith({ sequences: [], ngram: 1 })).toEqual([4, 5, 6, 7]);
  expect(tokensWith({ sequences: [[0], [8, 5, 6]], ngram: 2 })).toEqual([4, 5, 7, 8]);
  expect(tokensWith({ sequences: [[4, 5, 6]], ngram: 3 })).toEqual([4, 5, 7, 8]);
  expect(tokensWith({ sequences: [[4], [5]], ngram: 1 })?.includes(4)).toBe(false);
  const [beam = []] = beamSearch(decoder, 1, first, {
    ...{ beamWidth: 3, maxLength: 4 },
    avoid: { sequences: [[5, 6]], ngram: 2 },
  });
  expect(beam.every(({ tokens }) => !tokens.join().includes("5,6"))).toBe(true);
});

test("forbidding a token does not renormalize the others", () => {
  const table = tf.tile(tf.tensor2d([[0, 0, 3, 0, 2, 1]]), [6, 1]) as tf.Tensor2D;
  const [found] = decodeEach(new TableDecoder(table), 1, special, { maxLength: 1, minLength: 1 });
  const sum = Math.exp(3) + Math.exp(2) + Math.exp(1);
  expect(found).toMatchObject({ tokens: [4], ended: false });
  expect(found?.logProbability).toBeCloseTo(Math.log(Math.exp(2) / sum), 4);
});

test.each([
  [{ minLength: -1 }, "minLength is -1; it must be a non-negative integer"],
  [{ minLength: 1.5 }, "minLength is 1.5; it must be a non-negative integer"],
  [{ minLength: 6 }, "minLength is 6, but maxLength is 5 (row 0); it must be at most maxLength"],
  [{ maxLength: [9, 4], minLength: 6 }, "but maxLength is 4 (row 1)"],
  [{ avoid: { sequences: [], ngram: 0 } }, "avoid.ngram is 0; it must be a positive integer"],
  [{ noRepeatNgram: -2 }, "noRepeatNgram is -2; it must be a non-negative integer"],
  [{ noRepeatNgram: Number.NaN }, "noRepeatNgram is NaN; it must be"],
  [{ maxLength: [5] }, "maxLength has 1 values; it must have one for each of the 2 rows"],
  [{ maxLength: [5, 0] }, "maxLength of row 1 is 0; it must be a positive integer"],
  [{ prefix: [[4]] }, "prefix has 1 values; it must have one for each of the 2 rows"],
  [{ prefix: [[4], [5, 4, 4, 4, 4, 4]] }, "the prefix of row 1 has 6 tokens; it must be at most"],
  [
    { prefix: [[], [4, 2]] },
    "the prefix of row 1 contains 2; it must contain tokens below 6, except",
  ],
  [{ prefix: [[1], []] }, "the prefix of row 0 contains 1; it must"],
  [{ prefix: [[3], []] }, "the prefix of row 0 contains 3; it must"],
  [{ prefix: [[6], []] }, "the prefix of row 0 contains 6; it must"],
  [{ prefix: [[0.5], []] }, "the prefix of row 0 contains 0.5; it must"],
])("rejects %j", (constraints, message) => {
  const decoder = new TableDecoder(tf.zeros([6, 6]));
  const options = { maxLength: 5, beamWidth: 2, ...constraints };
  const before = tf.memory().numTensors;
  expect(() => beamSearch(decoder, 2, special, options)).toThrow(message);
  expect(() => decodeEach(decoder, 2, special, options)).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});
