import { useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unconstrained } from "../src/constraints.ts";
import { beamSearch, decodeEach } from "../src/index.ts";
import type { Path } from "../src/path.ts";
import { hypothesisOf } from "../src/ranking.ts";
import { constraints, maxLength, penalties, sources } from "./support/arbitraries.ts";
import { judge, Listener } from "./support/listener.ts";
import { special } from "./support/table-decoder.ts";

useEngine();

test("coverage counts each position up to 1, including the end's attention but not padding", () => {
  const step = (parent: Path | undefined, token: number, weights?: number[]): Path => {
    const attention = weights && Float32Array.from(weights);
    return {
      parent,
      row: 0,
      token,
      logProbability: parent ? -2 : 0,
      attention,
      next: unconstrained,
    };
  };
  const path = step(step(step(undefined, 1), 4, [0.5, 0.5, 0]), 5, [0.25, 0.75, 0]);
  const ranking = { lengthPenalty: 1, coveragePenalty: 0.2, attention: false };
  const end = { logProbability: -3, atEnd: Float32Array.from([0.125, 0.875, 0]) };
  // Two tokens and the end: lp = 8 / 6. The first position has 0.875, the second more than 1.
  const ended = hypothesisOf(path, ranking, end);
  expect(ended.score).toBeCloseTo(-3 / (8 / 6) + 0.2 * Math.log(0.875), 6);
  expect(ended).toMatchObject({ tokens: [4, 5], logProbability: -3, ended: true });
  const cut = hypothesisOf(path, ranking);
  expect(cut.score).toBeCloseTo(-2 / (7 / 6) + 0.2 * Math.log(0.75), 6);
  expect(cut).toMatchObject({ tokens: [4, 5], logProbability: -2, ended: false });
});

test("scores follow the formula, best first, and are never below greedy search's", () => {
  let better = 0;
  const model = fc.record({
    seed: fc.integer(),
    sources,
    penalties,
    constraints: fc.option(constraints, { nil: {} }),
    maxLength,
    beamWidth: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(model, ({ seed, sources, penalties, constraints, ...rest }) => {
      const decoder = new Listener(seed);
      const options = { ...constraints, ...rest };
      const greedy = decodeEach(decoder, sources, special, options);
      const found = beamSearch(decoder, sources, special, { ...options, ...penalties });
      found.forEach((hypotheses, row) => {
        const source = sources[row]!;
        const scores = hypotheses.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const hypothesis of hypotheses) {
          const { score } = judge(decoder, source, hypothesis, penalties);
          expect(hypothesis.score).toBeCloseTo(score, 3);
        }
        const gain = scores[0]! - judge(decoder, source, greedy[row]!, penalties).score;
        expect(gain).toBeGreaterThan(-1e-3);
        if (gain > 1e-3) better++;
      });
      decoder.dispose();
    }),
    { numRuns: 20 },
  );
  expect(better).toBeGreaterThan(2);
});

test("with coverage, a beam as wide as all prefixes finds the best of all sequences", () => {
  let changed = 0;
  const lengths = { maxLength: 3, minLength: 1 };
  for (let seed = 0; seed < 6; seed++) {
    const decoder = new Listener(seed, 6); // words 4 and 5
    const source = [4, 5, 5, 4];
    const sequences = [1, 2, 3].flatMap((length) =>
      Array.from({ length: 2 ** length }, (_, bits) => ({
        tokens: Array.from({ length }, (_, i) => 4 + ((bits >> i) & 1)),
        ended: length < 3,
      })),
    );
    const ranked = { lengthPenalty: 0.6, coveragePenalty: 1 };
    const best = (options: typeof ranked) =>
      sequences
        .map((sequence) => ({ ...sequence, ...judge(decoder, source, sequence, options) }))
        .toSorted((a, b) => b.score - a.score)[0];
    const [found] = beamSearch(decoder, [source], special, {
      ...lengths,
      ...ranked,
      beamWidth: 16,
    });
    expect(found?.[0]?.tokens).toEqual(best(ranked)?.tokens);
    expect(found?.[0]?.score).toBeCloseTo(best(ranked)?.score ?? Number.NaN, 3);
    const without = best({ ...ranked, coveragePenalty: 0 });
    if (String(without?.tokens) !== String(found?.[0]?.tokens)) changed++;
    decoder.dispose();
  }
  expect(changed).toBeGreaterThan(0);
});
