import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beamSearch, decodeEach, type Hypothesis, sampling } from "../src/index.ts";
import { constraints, maxLength, penalties, sources } from "./support/arbitraries.ts";
import { Listener } from "./support/listener.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

const model = fc.record({
  seed: fc.integer(),
  sources,
  penalties,
  constraints,
  maxLength,
  beam: fc.constantFrom(
    { beamWidth: 1 },
    { beamWidth: 3 },
    { beamWidth: 4, diversity: { groups: 2, strength: 0.5 } },
  ),
});

/** The options for a single row. */
function forRow<Options extends { maxLength: number | number[]; prefix?: number[][] | undefined }>(
  options: Options,
  row: number,
): Options {
  const { maxLength: limit, prefix } = options;
  return {
    ...options,
    maxLength: typeof limit === "number" ? limit : limit.slice(row, row + 1),
    prefix: prefix?.slice(row, row + 1),
  };
}

function expectSame(found: readonly Hypothesis[], expected: readonly Hypothesis[]): void {
  expect(found.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
  expect(found.map(({ ended }) => ended)).toEqual(expected.map(({ ended }) => ended));
  found.forEach(({ logProbability, score }, i) => {
    const other = expected[i]!;
    expectClose([logProbability, score], [other.logProbability, other.score], 1e-4);
  });
}

describe("a batch", () => {
  test("decodes with beams like its rows separately, and computes no more rows", () => {
    fc.assert(
      fc.property(model, ({ seed, sources, beam, constraints, penalties, maxLength }) => {
        const decoder = new Listener(seed);
        const options = { ...beam, ...constraints, ...penalties, maxLength };
        const batch = beamSearch(decoder, sources, special, options);
        const together = decoder.rows;
        const separate = sources.map((source, row) => {
          decoder.rows = [];
          const [found = []] = beamSearch(decoder, [source], special, forRow(options, row));
          expectSame(batch[row]!, found);
          return decoder.rows;
        });
        const sum = together.map((_, step) =>
          separate.reduce((total, rows) => total + (rows[step] ?? 0), 0),
        );
        expect(together).toEqual(sum);
        expect(together).toHaveLength(Math.max(...separate.map((rows) => rows.length)));
        decoder.dispose();
      }),
      { numRuns: 20 },
    );
  });

  test("decodes greedily like its rows separately, and drops finished rows", () => {
    let dropped = 0;
    fc.assert(
      fc.property(model, ({ seed, sources, constraints, maxLength }) => {
        const decoder = new Listener(seed);
        const options = { ...constraints, maxLength, attention: true };
        const batch = decodeEach(decoder, sources, special, options);
        if (decoder.rows.some((rows) => rows < sources.length)) dropped++;
        sources.forEach((source, row) => {
          const [found] = decodeEach(decoder, [source], special, forRow(options, row));
          expectSame([batch[row]!], [found!]);
          found?.attention?.forEach((weights, step) => {
            expectClose(batch[row]!.attention![step]!.slice(0, source.length), weights, 1e-4);
          });
        });
        decoder.dispose();
      }),
      { numRuns: 20 },
    );
    expect(dropped).toBeGreaterThan(4);
  });

  test("may be empty", () => {
    const decoder = new TableDecoder(tf.zeros([6, 6]));
    expect(beamSearch(decoder, 0, special, { beamWidth: 2, maxLength: 3 })).toEqual([]);
    expect(decodeEach(decoder, 0, special, { maxLength: 3 })).toEqual([]);
  });
});

test("a single path is never gathered", () => {
  const decoder = new Listener(3);
  beamSearch(decoder, [[4, 5]], special, { beamWidth: 1, maxLength: 6 });
  decodeEach(decoder, [[4, 5]], special, { maxLength: 6 });
  expect(decoder.rows.length).toBeGreaterThan(2);
  expect(decoder.reorders).toBe(0);
});

test("leaks no tensors", async () => {
  const decoder = new Listener(2);
  const batch = [[4, 5, 6], [7], [5, 5]];
  const options = {
    maxLength: [4, 6, 5],
    minLength: 2,
    noRepeatNgram: 2,
    prefix: [[4], [], [5, 5]],
    attention: true,
  };
  const run = () => {
    beamSearch(decoder, batch, special, {
      ...options,
      beamWidth: 4,
      coveragePenalty: 0.2,
      diversity: { groups: 2, strength: 1 },
    });
    decodeEach(decoder, batch, special, options);
    decodeEach(decoder, batch, special, {
      ...options,
      copies: 2,
      choose: sampling(createRandom(1)),
    });
  };
  run(); // the kernels' constants
  await expectNoLeak(run);
});
