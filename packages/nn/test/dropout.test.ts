import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { dropout, uniformTensor } from "../src/index.ts";

useEngine();

const size = 20_000;

test("keeps the expectation: drops at the given rate and scales the rest", async () => {
  await expectNoLeak(() =>
    tf.tidy(() => {
      for (const rate of [0.1, 0.5, 0.9]) {
        const values = dropout(tf.ones([size]), rate, createRandom(1)).dataSync();
        const dropped = values.filter((value) => value === 0).length / size;
        const kept = new Set(values.filter((value) => value !== 0));
        // five standard deviations of the rate in 20,000 trials
        expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / size));
        expectClose([...kept], [1 / (1 - rate)]);
      }
    }),
  );
});

test("depends on the generator's state, and advances it", () => {
  tf.tidy(() => {
    const mask = (random: ReturnType<typeof createRandom>) =>
      [...dropout(tf.ones([64]), 0.5, random).dataSync()].join();
    const random = createRandom(3);
    const { state } = random;
    const first = mask(random);
    expect(mask(random)).not.toBe(first);
    expect(mask(createRandom(state))).toBe(first);
    expect(mask(createRandom(4))).not.toBe(first);
  });
});

test("returns the input itself in inference and at rate 0", () => {
  const input = tf.ones([3]);
  expect(dropout(input, 0.5, undefined)).toBe(input);
  expect(dropout(input, 0, createRandom(1))).toBe(input);
  input.dispose();
});

test("broadcasts a mask of a smaller shape", () => {
  tf.tidy(() => {
    const output = dropout(tf.ones([2, 5, 8]), 0.5, createRandom(1), { shape: [2, 1, 8] });
    expectClose(output, tf.tile(tf.slice(output, [0, 0, 0], [2, 1, 8]), [1, 5, 1]), 0);
  });
});

test("its gradient is the mask", () => {
  tf.tidy(() => {
    const input = tf.range(1, 33);
    const drop = (x: tf.Tensor) => dropout(x, 0.25, createRandom(5));
    expectClose(tf.mul(tf.grad((x) => tf.sum(drop(x)))(input), input), drop(input));
  });
});

test("uniform numbers lie evenly in [0, 1), and are not correlated", () => {
  tf.tidy(() => {
    const values = [...uniformTensor([100, 200], createRandom(2)).dataSync()];
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[Math.floor(value * 10)]!++;
    // Chi-squared with 9 degrees of freedom exceeds 33.7 once in 10,000 times.
    const chi = counts.reduce((sum, count) => sum + (count - size / 10) ** 2 / (size / 10), 0);
    expect(chi).toBeLessThan(33.7);
    const product = values.slice(1).reduce((sum, value, i) => sum + value * values[i]!, 0);
    expect(product / (size - 1)).toBeCloseTo(0.25, 1.8);
  });
});
