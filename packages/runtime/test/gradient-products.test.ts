import { beforeAll, describe, expect, it } from "vitest";
import { ownProduct, useOwnGradientProducts } from "../src/engines/gradient-products.ts";
import { createRandom, hasFusedKernels, loadEngine, tf } from "../src/index.ts";
import { distance, filled } from "./recurrent/support/agree.ts";

const engine = await loadEngine();

describe.runIf(engine.name === "native" && hasFusedKernels())("products of gradients", () => {
  // What TensorFlow computes, before its kernel is replaced.
  const library = tf.getKernel(tf.BatchMatMul, "tensorflow").kernelFunc;
  beforeAll(useOwnGradientProducts);

  const byLibrary = (a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean) =>
    library({
      inputs: { a, b },
      backend: tf.backend(),
      attrs: { transposeA, transposeB },
    }) as tf.Tensor;

  function expectEqual(
    [rows, depth, columns]: readonly [number, number, number],
    transposeA: boolean,
    transposeB: boolean,
  ): void {
    tf.tidy(() => {
      const a = filled<tf.Rank.R2>(transposeA ? [depth, rows] : [rows, depth]);
      const b = filled<tf.Rank.R2>(transposeB ? [columns, depth] : [depth, columns]);
      const operands = [a, b, transposeA, transposeB] as const;
      expect(distance(ownProduct(...operands), byLibrary(...operands))).toBeLessThan(
        1e-6 * (depth + 10),
      );
    });
  }

  it("equal TensorFlow's for any sizes", () => {
    const random = createRandom(1);
    const size = () => random.integer(70);
    for (let i = 0; i < 200; i++) expectEqual([size(), size(), size()], i % 2 === 0, i % 4 < 2);
  });

  // More than a block of rows, of depth, of columns, and a shared range of each thread.
  it.each([
    [205, 1100, 50],
    [50, 513, 2100],
    [1, 2000, 1],
    [1, 1, 3000],
  ])("equal TensorFlow's in several blocks: %i x %i x %i", (...sizes) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) expectEqual(sizes, transposeA, transposeB);
    }
  });

  it("have the gradient of a product, and TensorFlow's sums where it is the faster one", () => {
    tf.tidy(() => {
      const [x, w] = [filled<tf.Rank.R2>([30, 40]), filled<tf.Rank.R2>([40, 1024])];
      const dy = filled<tf.Rank.R2>([30, 1024]);
      const [dx, dw] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b))([x, w], dy);
      expect(dx?.dataSync()).toEqual(ownProduct(dy, w, false, true).dataSync());
      expect(dw?.dataSync()).toEqual(ownProduct(x, dy, true, false).dataSync());
      expect(tf.matMul(x, w).dataSync()).toEqual(byLibrary(x, w, false, false).dataSync());
    });
  });

  it("leave many columns, and batches of matrices, to TensorFlow", () => {
    tf.tidy(() => {
      const [a, b] = [filled<tf.Rank.R3>([2, 5, 4]), filled<tf.Rank.R3>([2, 5, 3])];
      expect(tf.matMul(a, b, true).shape).toEqual([2, 4, 3]);
      const [x, dy] = [filled<tf.Rank.R2>([9, 4]), filled<tf.Rank.R2>([9, 2049])];
      const dw = tf.matMul(x, dy, true);
      expect(dw.dataSync()).toEqual(byLibrary(x, dy, true, false).dataSync());
    });
  });

  it("reject sizes that do not fit", () => {
    const [a, b] = [filled<tf.Rank.R2>([3, 4]), filled<tf.Rank.R2>([5, 2])];
    expect(() => ownProduct(a, b, false, false)).toThrow("b is [5, 2], expected [4, 2]");
    tf.dispose([a, b]);
  });
});
