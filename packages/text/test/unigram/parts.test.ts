import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { chunksOf } from "../../src/unigram/chunks.ts";
import { bestCounts, expectation } from "../../src/unigram/expectation.ts";
import { digamma } from "../../src/unigram/learn.ts";
import { keepMost, prune } from "../../src/unigram/prune.ts";
import { findSeeds } from "../../src/unigram/seeds.ts";

// Abramowitz & Stegun 1964, table 6.1, and the values at 1/2 and 1 (6.3.2, 6.3.3).
test.each([
  [1, -0.5772156649015329],
  [0.5, -1.9635100260214235],
  [2, 0.42278433509846713],
  [10, 2.251752589066721],
  [1e6, 13.815510057963],
])("the digamma function at %d", (x, value) => {
  expect(digamma(x)).toBeCloseTo(value, 9);
});

const letters = ["a", "b", "c"];
const words = fc
  .dictionary(fc.stringMatching(/^[abcx]{1,8}$/), fc.integer({ min: 1, max: 4 }), { minKeys: 1 })
  .map((counts) => new Map(Object.entries(counts)));

/** The pieces of fictitious words, with fictitious scores. */
function made(counts: ReadonlyMap<string, number>, maxLength = 4) {
  const chunks = chunksOf(counts, letters);
  const pieces = findSeeds(chunks, { characters: 3, maxLength, wanted: 1000 });
  const scores = Float64Array.from(pieces.lengths, (length, piece) => -length - 0.1 * (piece % 7));
  const names = Array.from(pieces.first, (first, piece) => {
    if (piece < 3) return letters[piece] ?? "";
    const run = chunks.symbols.subarray(first, first + (pieces.lengths[piece] ?? 0));
    return Array.from(run, (symbol) => letters[symbol]).join("");
  });
  return { chunks, pieces, scores, names };
}

/** Parts of words between unknown characters, with their counts. */
const partsOf = (counts: ReadonlyMap<string, number>) =>
  [...counts].flatMap(([word, count]) =>
    word.split("x").flatMap((part): [string, number][] => (part === "" ? [] : [[part, count]])),
  );

function ways(text: string, names: readonly string[]): number[][] {
  if (text === "") return [[]];
  return [...names.entries()]
    .filter(([, name]) => text.startsWith(name))
    .flatMap(([piece, name]) => ways(text.slice(name.length), names).map((way) => [piece, ...way]));
}

describe("findSeeds", () => {
  it("finds substrings that occur twice and are not always followed by the same character", () => {
    fc.assert(
      fc.property(words, (counts) => {
        const { pieces, names } = made(counts);
        const occurrences = (text: string) =>
          partsOf(counts).reduce((sum, [part, count]) => {
            const starts = [...part].filter((_, at) => part.startsWith(text, at));
            return sum + count * starts.length;
          }, 0);
        const all = new Set(
          partsOf(counts).flatMap(([part]) =>
            [...part].flatMap((_, at) => [1, 2, 3, 4].map((length) => part.slice(at, at + length))),
          ),
        );
        const expected = [...all].filter((text) => {
          const count = occurrences(text);
          const followed = letters.some((letter) => occurrences(text + letter) === count);
          return text.length > 1 && count >= 2 && (text.length === 4 || !followed);
        });
        expect(names.slice(3).toSorted()).toEqual(expected.toSorted());
        expect(Array.from(pieces.weights)).toEqual(names.map(occurrences));
      }),
    );
  });

  it("drops rare pieces if there are enough others", () => {
    const counts = new Map(Object.entries({ ab: 20, bb: 9, ba: 3, c: 1 }));
    const count = (wanted: number) =>
      findSeeds(chunksOf(counts, letters), { characters: 3, maxLength: 4, wanted }).count;
    expect(count(100)).toBe(6);
    expect(count(1)).toBe(5);
  });

  it("splits long words, and loses no character", () => {
    const { chunks } = made(new Map([["abc".repeat(100), 1]]));
    expect(chunks.symbols).toHaveLength(300);
    expect(Math.max(...chunks.left)).toBe(32);
  });
});

describe("the E step and the best path", () => {
  it("equal the result of enumerating all paths", () => {
    fc.assert(
      fc.property(words, (counts) => {
        const { chunks, pieces, scores, names } = made(counts);
        const expected = new Array<number>(pieces.count).fill(0);
        let [logLikelihood, best] = [0, 0];
        for (const [part, count] of partsOf(counts)) {
          const all = ways(part, names);
          const logs = all.map((way) => way.reduce((sum, piece) => sum + (scores[piece] ?? 0), 0));
          const total = logs.reduce((sum, log) => sum + Math.exp(log), 0);
          logLikelihood += count * Math.log(total);
          best += count * Math.max(...logs);
          for (const [index, way] of all.entries()) {
            const share = (count * Math.exp(logs[index] ?? 0)) / total;
            for (const piece of way) expected[piece] = (expected[piece] ?? 0) + share;
          }
        }
        const found = expectation(chunks, pieces, scores);
        expect(found.logLikelihood).toBeCloseTo(logLikelihood, 8);
        for (const [piece, weight] of expected.entries()) {
          expect(found.weights[piece]).toBeCloseTo(weight, 8);
        }
        const used = bestCounts(chunks, pieces, scores);
        const sum = used.reduce((total, count, piece) => total + count * (scores[piece] ?? 0), 0);
        expect(sum).toBeCloseTo(best, 8);
      }),
    );
  });

  it("ignore a word whose probability underflows", () => {
    const { chunks, pieces } = made(new Map([["abcabcabcabc", 1]]), 1);
    const { weights } = expectation(chunks, pieces, new Float64Array(3).fill(-100));
    expect(Array.from(weights)).toEqual([0, 0, 0]);
  });
});

describe("prune", () => {
  it("keeps the characters, the requested size, and consistent positions", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 20 }), (counts, size) => {
        const { chunks, pieces, scores, names } = made(counts);
        const left = prune(chunks, pieces, { scores, size });
        expect(left.count).toBe(Math.min(Math.max(size, 3), pieces.count));
        expect(left.edges.length).toBe(left.starts.at(-1));
        // Each position still has its character, and the pieces there.
        for (const [place, symbol] of chunks.symbols.entries()) {
          const here = left.edges.subarray(left.starts[place], left.starts[place + 1]);
          expect(here).toContain(symbol);
          for (const piece of here) {
            const length = left.lengths[piece] ?? 0;
            const first = left.first[piece] ?? 0;
            expect(chunks.symbols.subarray(place, place + length)).toEqual(
              piece < 3 ? Int32Array.of(piece) : chunks.symbols.subarray(first, first + length),
            );
          }
        }
        expect(names.length).toBe(pieces.count);
      }),
    );
  });

  it("drops the pieces with the smallest loss first", () => {
    // "ab" is by far the most frequent; "ca" is hardly better than its letters.
    const counts = new Map([
      ["abab", 50],
      ["ca", 2],
      ["c", 60],
      ["a", 60],
    ]);
    const { chunks, pieces, names } = made(counts, 2);
    const scores = pieces.weights.map((weight) => Math.log(weight / 500));
    expect(names.slice(3).toSorted()).toEqual(["ab", "ba", "ca"]);
    const left = prune(chunks, pieces, { scores, size: 4 });
    const first = left.first[3] ?? 0;
    expect(Array.from(chunks.symbols.subarray(first, first + 2))).toEqual([0, 1]);
    expect(keepMost(pieces, pieces.weights, 0).count).toBe(3);
  });
});
