import { createRandom } from "@attend/runtime";
import { describe, expect, test } from "vitest";
import { type CtcFrames, ctcBeamSearch, ctcGreedy } from "../src/index.ts";

const [steps, classes] = [5, 3];
const blank = classes - 1;

function randomFrames(seed: number): CtcFrames {
  const random = createRandom(seed);
  const logProbabilities = new Float32Array(steps * classes);
  for (let step = 0; step < steps; step++) {
    const weights = Array.from({ length: classes }, () => Math.exp(2 * random.normal()));
    const sum = weights.reduce((total, each) => total + each);
    logProbabilities.set(
      weights.map((each) => Math.log(each / sum)),
      step * classes,
    );
  }
  return { steps, classes, logProbabilities };
}

/** The probability of each sequence of labels, summed over its alignments one by one. */
function bruteForce({ logProbabilities }: CtcFrames): Map<string, number> {
  const sums = new Map<string, number>();
  for (let alignment = 0; alignment < classes ** steps; alignment++) {
    const path = Array.from(
      { length: steps },
      (_, step) => Math.floor(alignment / classes ** step) % classes,
    );
    const labels = path.filter((each, step) => each !== blank && each !== path[step - 1]).join();
    const logs = path.map((each, step) => logProbabilities[step * classes + each] ?? Number.NaN);
    const probability = Math.exp(logs.reduce((total, each) => total + each));
    sums.set(labels, (sums.get(labels) ?? 0) + probability);
  }
  return sums;
}

describe.each([1, 2, 3])("on random frames %i", (seed) => {
  const frames = randomFrames(seed);
  const expected = bruteForce(frames);

  test("a wide beam finds every sequence with the probability of all its alignments", () => {
    const found = ctcBeamSearch(frames, { beamWidth: 1000 });
    for (const { labels, logProbability } of found) {
      expect(Math.exp(logProbability), `${labels}`).toBeCloseTo(
        expected.get(labels.join()) ?? 0,
        6,
      );
    }
    const likeliest = [...expected].sort((a, b) => b[1] - a[1]).map(([labels]) => labels);
    expect(found[0]?.labels.join()).toBe(likeliest[0]);
    expect(
      found.map(({ labels }) => labels.join()).filter((each) => expected.has(each)),
    ).toHaveLength(expected.size);
  });

  test("a narrow beam is sorted and never claims more than there is", () => {
    const found = ctcBeamSearch(frames, { beamWidth: 3 });
    expect(found).toHaveLength(3);
    for (const [i, { labels, score, logProbability }] of found.entries()) {
      expect(score).toBe(logProbability);
      expect(score).toBeLessThanOrEqual(found[i - 1]?.score ?? 0);
      expect(Math.exp(score)).toBeLessThanOrEqual((expected.get(labels.join()) ?? 0) + 1e-6);
    }
  });

  test("a language model reranks as it would every sequence", () => {
    const logs = [Math.log(0.1), Math.log(0.6), Math.log(0.3)];
    const language = { next: () => logs, weight: 0.7, bonus: 0.2 };
    const scores = [...expected].map(([text, probability]) => {
      const labels = text === "" ? [] : text.split(",").map(Number);
      const added = labels.reduce((sum, label) => sum + 0.7 * (logs[label] ?? 0) + 0.2, 0);
      return { text, score: Math.log(probability) + added + 0.7 * (logs[2] ?? 0) };
    });
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
    const [first] = ctcBeamSearch(frames, { beamWidth: 1000, language });
    expect(first?.labels.join()).toBe(best.text);
    expect(first?.score).toBeCloseTo(best.score, 5);
  });
});

test("greedy search merges repetitions, drops blanks and tells where labels stand", () => {
  const path = [2, 0, 0, 2, 0, 1, 1, 2];
  const logProbabilities = Float32Array.from(
    path.flatMap((best) => [0, 1, 2].map((each) => (each === best ? -0.1 : -3))),
  );
  expect(ctcGreedy({ steps: path.length, classes, logProbabilities })).toEqual([
    { label: 0, start: 1, end: 3 },
    { label: 0, start: 4, end: 5 },
    { label: 1, start: 5, end: 7 },
  ]);
  expect(ctcGreedy({ steps: 0, classes, logProbabilities: new Float32Array() })).toEqual([]);
});

test("two alignments outweigh a likelier single one", () => {
  // Blank is best at each step, but the label is in three of four alignments.
  const logProbabilities = Float32Array.from([0.4, 0, 0.6, 0.4, 0, 0.6], Math.log);
  const frames = { steps: 2, classes, logProbabilities };
  expect(ctcGreedy(frames)).toEqual([]);
  expect(ctcBeamSearch(frames, { beamWidth: 4 })[0]?.labels).toEqual([0]);
});

test("rejects a beam without width", () => {
  expect(() => ctcBeamSearch(randomFrames(1), { beamWidth: 0 })).toThrow("beamWidth is 0");
});
