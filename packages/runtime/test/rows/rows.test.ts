import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createRandom,
  fusedCrossEntropy,
  fusedDropout,
  fusedLayerNorm,
  hasFusedKernels,
  isNative,
  loadEngine,
  tf,
} from "../../src/index.ts";
import { expectAllClose, normal } from "../support/numbers.ts";
import { plainCrossEntropy, plainLayerNorm } from "./support/plain.ts";

const engine = await loadEngine();
beforeAll(async () => {
  await loadEngine();
});

const upTo = (max: number) => fc.integer({ min: 1, max });
const runs = { numRuns: 40, seed: 3 };

describe.runIf(engine.name === "native" && hasFusedKernels())("fused", () => {
  test("layer normalization of any size equals the composed operations, forward and backward", () => {
    fc.assert(
      fc.property(upTo(300), upTo(150), fc.integer(), (rows, size, seed) => {
        tf.tidy(() => {
          const inputs = [
            normal([rows, size], seed),
            normal([size], seed + 1),
            normal([size], seed + 2),
          ];
          const weighting = normal([rows, size], seed + 3);
          const fused = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
            fusedLayerNorm(x as tf.Tensor2D, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5) ??
            tf.scalar(Number.NaN);
          const summed = (norm: typeof fused) => (x: tf.Tensor, s: tf.Tensor, o: tf.Tensor) =>
            tf.sum(tf.mul(norm(x, s, o), weighting));
          const [x, scale, offset] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
          expectAllClose([fused(x, scale, offset)], [plainLayerNorm(x, scale, offset)], 1e-4);
          // One column has no variance, and its gradient is rounding error.
          if (size < 3) return;
          expectAllClose(
            tf.grads(summed(fused))(inputs),
            tf.grads(summed(plainLayerNorm))(inputs),
            2e-3,
          );
        });
      }),
      runs,
    );
  });

  test("cross-entropy of any size equals the composed operations, forward and backward", () => {
    const smoothing = fc.constantFrom(0, 0.1, 0.6);
    fc.assert(
      fc.property(
        upTo(70),
        upTo(200),
        smoothing,
        fc.integer(),
        (rows, classes, smoothing, seed) => {
          tf.tidy(() => {
            const logits: tf.Tensor2D = tf.mul(normal([rows, classes], seed), 5);
            const random = createRandom(seed);
            const ids = Array.from({ length: rows }, () => random.integer(classes));
            const targets = tf.tensor1d(ids, "int32");
            const fused = (x: tf.Tensor): tf.Tensor =>
              fusedCrossEntropy(x as tf.Tensor2D, targets, smoothing) ?? tf.scalar(Number.NaN);
            const plain = (x: tf.Tensor) => plainCrossEntropy(x, targets, smoothing);
            const weighting = normal([rows], seed + 1);
            const summed = (loss: typeof fused) => (x: tf.Tensor) =>
              tf.sum(tf.mul(loss(x), weighting));
            expectAllClose([fused(logits)], [plain(logits)], 1e-4);
            expectAllClose(
              [tf.grad(summed(fused))(logits)],
              [tf.grad(summed(plain))(logits)],
              1e-4,
            );
          });
        },
      ),
      runs,
    );
  });

  test("cross-entropy does not overflow", () => {
    const logits = tf.tensor2d([[1e4, -1e4, 0]]);
    const loss = fusedCrossEntropy(logits, tf.tensor1d([1], "int32"), 0);
    expect(loss?.dataSync()[0]).toBeCloseTo(2e4, 0);
  });

  test("dropout drops elements independently, and its gradient drops the same ones", () => {
    tf.tidy(() => {
      const size = 100_000;
      const ones = tf.ones<tf.Rank.R1>([size]);
      const drop = (x: tf.Tensor, seed: number) =>
        fusedDropout(x, 0.3, createRandom(seed)) ?? tf.scalar(Number.NaN);
      const values = [...drop(ones, 1).dataSync()];
      const gradient = tf.grad((x) => tf.sum(drop(x, 1)))(ones);
      expect([...gradient.dataSync()]).toEqual(values);
      // Neighbors, and the same element with another seed, are dropped together as often as by
      // chance.
      const other = [...drop(ones, 2).dataSync()];
      for (const partner of [
        ...[1, 2, 16, 64].map((by) => values.map((_, i) => values[(i + by) % size])),
        other,
      ]) {
        const both = values.filter((value, i) => value === 0 && partner[i] === 0).length / size;
        expect(Math.abs(both - 0.09)).toBeLessThan(5 * Math.sqrt((0.09 * 0.91) / size));
      }
    });
  });

  test("mismatched inputs are rejected", () => {
    const scale = tf.ones<tf.Rank.R1>([4]);
    expect(() => fusedLayerNorm(tf.zeros([2, 3]), scale, scale, 1e-5)).toThrow("scale is [4]");
    const targets = tf.tensor1d([3, 0], "int32");
    expect(() => fusedCrossEntropy(tf.zeros([2, 3]), targets, 0)).toThrow("target 3 of 3 classes");
  });
});

test.runIf(engine.name !== "native")("undefined without a kernel", () => {
  expect(isNative()).toBe(false);
  expect(fusedDropout(tf.ones([3]), 0.5, createRandom(1))).toBeUndefined();
});
