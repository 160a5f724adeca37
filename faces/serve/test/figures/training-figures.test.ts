import { expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { gradientThroughTime } from "../../src/figures/gradient-through-time.ts";
import { positionalEncodings } from "../../src/figures/positional-encodings.ts";
import { unrolledNetwork } from "../../src/figures/unrolled-network.ts";
import { figureSchemas } from "../../src/schemas/figures.ts";

useEngine();

const spelling = { word: "hello", units: 3, updates: 100, seed: 1 };

test("a vanilla network learns to spell a word, and tells its states and predictions by step", async () => {
  const progress: number[] = [];
  const onProgress = (done: number, total: number) => progress.push(done / total);
  const data = await unrolledNetwork(spelling, { onProgress });
  expect(figureSchemas["unrolled-network"].data.parse(data)).toEqual(data);
  expect(data.letters).toEqual(["h", "e", "l", "o"]);
  expect(data.written).toBe("hello");
  expect(data.losses).toHaveLength(101);
  expect(data.losses.at(-1)).toBeLessThan(0.05);
  expect(progress.at(-1)).toBe(1);
  for (const { target, predictions } of data.steps) {
    expect(predictions.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(predictions[data.letters.indexOf(target)]).toBeGreaterThan(0.9);
  }
  // -log p of the targets is the last loss.
  const ofSteps = data.steps.map(
    ({ target, predictions }) => -Math.log(predictions[data.letters.indexOf(target)] ?? 0),
  );
  expect(ofSteps.reduce((a, b) => a + b) / 4).toBeCloseTo(data.losses.at(-1) ?? 0, 4);
});

test("the states are those of the equation", async () => {
  const { steps, letters, weights } = await unrolledNetwork({ ...spelling, updates: 0 });
  // Without an update, the biases are zero.
  let before = [0, 0, 0];
  for (const { input, hidden } of steps) {
    const x = weights.input[letters.indexOf(input)] ?? [];
    const now = x.map((value, unit) =>
      Math.tanh(
        before.reduce((sum, h, from) => sum + h * (weights.recurrent[from]?.[unit] ?? 0), value),
      ),
    );
    for (const [unit, value] of now.entries()) expect(hidden[unit]).toBeCloseTo(value, 5);
    before = now;
  }
});

test("a word of one letter is refused, and an aborted training ends", async () => {
  const { input } = figureSchemas["unrolled-network"];
  expect(input.safeParse({ word: "" }).success).toBe(false);
  expect(input.safeParse({ word: "x".repeat(21) }).success).toBe(false);
  await expect(unrolledNetwork({ ...spelling, word: "\u{1F600}" })).rejects.toThrow(
    /^the word "😀" has one letter; give at least two/,
  );
  await expectNoLeak(async () => {
    await expect(unrolledNetwork(spelling, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ code: "INTERRUPTED" }),
    );
  });
});

test("the gradient through time of each network, clipped and not", async () => {
  const options = {
    task: "adding",
    length: 12,
    updates: 2,
    units: 4,
    clipNorm: 1,
    seed: 1,
  } as const;
  const data = await gradientThroughTime(options);
  expect(figureSchemas["gradient-through-time"].data.parse(data)).toEqual(data);
  expect(data.networks).toHaveLength(8);
  for (const { before, after, losses } of data.networks) {
    expect(before).toHaveLength(12);
    expect(after).toHaveLength(12);
    expect(losses).toHaveLength(2);
  }
  // An orthogonal matrix of half the length halves the gradient at each step, or more.
  const ratios = data.starts.map(({ norms }) => (norms[0] ?? 0) / (norms.at(-1) ?? 1));
  expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
  expect(ratios[0]).toBeLessThan(0.7 ** 11);
  await expect(gradientThroughTime(options, { signal: AbortSignal.abort() })).rejects.toThrow(
    expect.objectContaining({ code: "INTERRUPTED" }),
  );
});

test("positional encodings: sines and cosines, as similar as they are near", async () => {
  const { encodings, similarities, wavelengths } = await positionalEncodings({
    positions: 20,
    size: 16,
  });
  expect(encodings[0]).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
  expect(encodings[3]?.[0]).toBeCloseTo(Math.sin(3), 5);
  expect(encodings[3]?.[8 + 7]).toBeCloseTo(Math.cos(3 / 10000 ** (14 / 16)), 5);
  expect(wavelengths[0]).toBeCloseTo(2 * Math.PI, 10);
  for (const [at, row] of similarities.entries()) {
    expect(row[at]).toBeCloseTo(1, 5);
    expect(Math.max(...row)).toBe(row[at]);
    // The product depends on the distance alone.
    expect(row[at + 1] ?? row[at - 1]).toBeCloseTo(similarities[0]?.[1] ?? 0, 5);
  }
});
