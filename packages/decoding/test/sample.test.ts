import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { decodeEach, greedily, type SamplingOptions, sampling } from "../src/index.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

describe("sampling", () => {
  const logits = [1.2, -0.5, 0.3, 2.1, -1.4, 0.9];

  /** How often each token is sampled, in `rows` rows. */
  function countsOf(options: SamplingOptions, rows = 20_000, seed = 3): number[] {
    return tf.tidy(() => {
      const all: tf.Tensor2D = tf.tile(tf.tensor2d([logits]), [rows, 1]);
      const counts = new Array<number>(logits.length).fill(0);
      for (const token of sampling(createRandom(seed), options)(all).dataSync())
        counts[token]! += 1;
      return counts;
    });
  }

  function probabilities(temperature = 1, keep: readonly number[] = [0, 1, 2, 3, 4, 5]): number[] {
    const weights = logits.map((v, id) => (keep.includes(id) ? Math.exp(v / temperature) : 0));
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  }

  /** Fails if a correct sample would deviate this much once in 100,000 times (chi-square, 5 degrees). */
  function expectFrequencies(counts: readonly number[], expected: readonly number[]): void {
    const rows = counts.reduce((a, b) => a + b);
    const statistic = counts.reduce((sum, count, id) => {
      const mean = rows * (expected[id] ?? 0);
      if (mean === 0) expect(count, `token ${id}`).toBe(0);
      return mean === 0 ? sum : sum + (count - mean) ** 2 / mean;
    }, 0);
    expect(statistic).toBeLessThan(30.9);
  }

  test.each([[undefined], [0.5], [2]])(
    "temperature %s: frequencies follow the softmax",
    (temperature) => {
      const options = temperature === undefined ? {} : { temperature };
      expectFrequencies(countsOf(options), probabilities(temperature));
    },
  );

  test("the check of frequencies detects another distribution", () => {
    expect(() => expectFrequencies(countsOf({ temperature: 1.1 }), probabilities(1))).toThrow();
  });

  test.each([
    [1, [3]],
    [2, [3, 0]],
    [3, [3, 0, 5]],
    [99, [0, 1, 2, 3, 4, 5]],
  ])("topK %s samples only the most likely tokens", (topK, keep) => {
    expectFrequencies(countsOf({ topK }), probabilities(1, keep));
  });

  // Probabilities in descending order: 0.47, 0.19, 0.14, 0.08, 0.04, 0.01 of their sum.
  test.each([
    [1e-6, [3]],
    [0.4, [3]],
    [0.6, [3, 0]],
    [0.8, [3, 0, 5]],
    [1, [0, 1, 2, 3, 4, 5]],
  ])("topP %s samples only the smallest set with this probability", (topP, keep) => {
    expectFrequencies(countsOf({ topP }), probabilities(1, keep));
  });

  test("each row is sampled from its own distribution", () => {
    const sharp = tf.mul(tf.oneHot(tf.tensor1d([2, 0, 4], "int32"), 5), 60) as tf.Tensor2D;
    expect([...sampling(createRandom(1))(sharp).dataSync()]).toEqual([2, 0, 4]);
    expect([...greedily(sharp).dataSync()]).toEqual([2, 0, 4]);
  });

  test("suppressed tokens are never sampled, however likely", () => {
    const table = tf.tile(tf.tensor2d([[50, 50, 0, 50, 1, 1]]), [6, 1]) as tf.Tensor2D;
    const choose = sampling(createRandom(1), { temperature: 5, topK: 5 });
    const samples = decodeEach(new TableDecoder(table), 50, special, { maxLength: 5, choose });
    const tokens = new Set(samples.flatMap((hypothesis) => hypothesis.tokens));
    expect([...tokens].sort()).toEqual([4, 5]);
  });

  test.each([
    [{ temperature: 0 }, "temperature is 0; it must be a number above 0"],
    [{ temperature: Number.NaN }, "temperature is NaN; it must be a number above 0"],
    [{ topK: 0 }, "topK is 0; it must be a positive integer"],
    [{ topK: 2.5 }, "topK is 2.5; it must be a positive integer"],
    [{ topP: 0 }, "topP is 0; it must be in (0, 1]"],
    [{ topP: 1.1 }, "topP is 1.1; it must be in (0, 1]"],
  ])("rejects %j", (options, message) => {
    expect(() => sampling(createRandom(1), options)).toThrow(message);
  });

  test.each([
    [{ maxLength: 0 }, "maxLength is 0; it must be a positive integer"],
    [{ maxLength: 5, copies: 0 }, "copies is 0; it must be a positive integer"],
  ])("rejects %j", (options, message) => {
    const decoder = new TableDecoder(tf.zeros([6, 6]));
    expect(() => decodeEach(decoder, 1, special, options)).toThrow(message);
  });
});
