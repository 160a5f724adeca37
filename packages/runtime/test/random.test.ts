import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../src/random.ts";

const words = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.uniform() * 2 ** 32);

/** Pearson's correlation of two lists of uniform numbers. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const covariance = a.reduce((sum, value, i) => sum + (value - 0.5) * ((b[i] ?? 0) - 0.5), 0);
  return covariance / a.length / (1 / 12);
}

const uniforms = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.uniform());

describe("createRandom", () => {
  it("gives the published first numbers of xoshiro128**", () => {
    expect(words(createRandom([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it("always gives the same numbers for a seed", () => {
    expect(createRandom(42).state).toEqual([939911724, 3948730756, 321366731, 3317318717]);
    expect(words(createRandom(42), 3)).toEqual([2837322924, 544945897, 479756282]);
  });

  it("is uniform: 16 bins, chi squared below the 0.1 % point of 15 degrees of freedom", () => {
    const bins = new Array<number>(16).fill(0);
    for (const value of uniforms(createRandom(1), 160_000)) bins[Math.floor(value * 16)]! += 1;
    const chiSquared = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(37.7);
  });

  it("draws normal numbers with mean 0, deviation 1, no skew and the right tails", () => {
    const random = createRandom(2);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const moment = (power: number) =>
      values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it("draws every integer below the limit equally often", () => {
    const random = createRandom(3);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it("shuffles into every order equally often", () => {
    const random = createRandom(4);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle([1, 2, 3, 4]).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  it("continues from a saved state, whatever was drawn before", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), (seed, drawn) => {
        const random = createRandom(seed);
        words(random, drawn);
        const stored = JSON.parse(JSON.stringify(random.state));
        expect(words(createRandom(stored), 5)).toEqual(words(random, 5));
      }),
    );
  });

  it("gives uncorrelated streams for adjacent seeds and for a fork and its parent", () => {
    const first = uniforms(createRandom(5), 20_000);
    expect(Math.abs(correlation(first, uniforms(createRandom(6), 20_000)))).toBeLessThan(0.03);
    const parent = createRandom(7);
    const [a, b] = [parent.fork(), parent.fork()];
    const streams = [a, b, parent].map((random) => uniforms(random, 20_000));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect(Math.abs(correlation(streams[i] ?? [], streams[j] ?? []))).toBeLessThan(0.03);
    }
  });

  it("forks into independent streams", () => {
    const parent = createRandom(8);
    const fork = parent.fork();
    const expected = words(createRandom(parent.state), 5);
    words(fork, 100);
    expect(words(parent, 5)).toEqual(expected);
    expect(words(createRandom(8).fork(), 3)).toEqual(words(createRandom(8).fork(), 3));
  });
});
