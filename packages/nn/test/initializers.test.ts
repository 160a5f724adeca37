import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import {
  glorotUniform,
  heNormal,
  normal,
  orthogonal,
  parameter,
  uniform,
  zeros,
} from "../src/index.ts";

useEngine();

/** Mean, standard deviation and largest magnitude. */
function statistics(tensor: tf.Tensor): { mean: number; deviation: number; largest: number } {
  const values = [...tensor.dataSync()];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / values.length);
  tensor.dispose();
  return { mean, deviation, largest: Math.max(...values.map(Math.abs)) };
}

const shape: [number, number] = [120, 80];

test.each([
  ["normal", () => normal(createRandom(1), 0.3)(shape), 0.3],
  ["uniform", () => uniform(createRandom(1), 0.3)(shape), 0.3 / Math.sqrt(3)],
  ["glorotUniform", () => glorotUniform(createRandom(1))(shape), Math.sqrt(2 / 200)],
  ["heNormal", () => heNormal(createRandom(1))<tf.Rank.R4>([3, 3, 10, 100]), Math.sqrt(2 / 90)],
] as const)("%s has mean 0 and the expected deviation", (_, make, expected) => {
  const { mean, deviation } = statistics(make());
  // About 9,000 numbers: five standard errors of the mean and of the deviation.
  expect(Math.abs(mean)).toBeLessThan((5 * expected) / Math.sqrt(9000));
  expect(Math.abs(deviation / expected - 1)).toBeLessThan(5 / Math.sqrt(18000));
});

test("glorotUniform stays within its limit", () => {
  const { largest } = statistics(glorotUniform(createRandom(2))(shape));
  expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / 200));
});

test.each([[[4, 4]], [[3, 9]], [[9, 3]], [[130, 130]]] as [[number, number]][])(
  "orthogonal %j has orthonormal rows or columns",
  (size) => {
    tf.tidy(() => {
      const matrix = orthogonal(createRandom(1))(size);
      const wide = size[0] <= size[1];
      const product = tf.matMul(matrix, matrix, !wide, wide);
      expectClose(product, tf.eye(Math.min(...size)), 1e-6);
    });
  },
);

test("the same seed gives the same weights", () => {
  tf.tidy(() => {
    const draw = (seed: number) => glorotUniform(createRandom(seed))<tf.Rank.R2>([5, 5]);
    expectClose(draw(1), draw(1), 0);
    expect([...draw(1).dataSync()]).not.toEqual([...draw(2).dataSync()]);
  });
});

test("zeros stay zero, whatever is done with others, which may be larger", () =>
  expectNoLeak(() => {
    const [one, other] = [parameter(zeros<tf.Rank.R1>([2])), parameter(zeros<tf.Rank.R2>([2, 3]))];
    tf.tidy(() => one.assign(tf.add(one, 1)));
    expectClose(one, [1, 1]);
    expectClose(other, [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    one.dispose();
    other.dispose();
  }));
