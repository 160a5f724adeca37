import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createSmallCnn } from "../src/index.ts";

useEngine();

describe("shapes", () => {
  test.each([
    [28, 1, [8, 16], 14],
    [33, 3, [4, 8, 12], 9],
    [64, 3, [4, 4], 32],
  ])("%d pixels, %d channels", async (imageSize, inChannels, widths, side) => {
    const network = createSmallCnn({ imageSize, inChannels, widths }, createRandom(1));
    const images = tf.zeros<tf.Rank.R4>([2, imageSize, imageSize, inChannels]);
    await expectNoLeak(() => {
      const { map, pooled } = network.encode(images);
      expect(map.shape).toEqual([2, side * side, widths.at(-1)]);
      expect(pooled.shape).toEqual([2, network.channels]);
      tf.dispose([map, pooled]);
    });
    images.dispose();
    network.dispose();
  });
});

test("the same seed gives the same network; without one the kernels are zero", () => {
  const options = { widths: [4], blocksPerStage: 2 };
  const [a, b, c] = [1, 1, 2].map((seed) => createSmallCnn(options, createRandom(seed)));
  const empty = createSmallCnn(options);
  const kernel = (network = empty) => network.blocks[1]!.first.kernel.dataSync();
  expect(kernel(a)).toEqual(kernel(b));
  expect(kernel(a)).not.toEqual(kernel(c));
  expect(kernel().every((value) => value === 0)).toBe(true);
  for (const network of [a, b, c, empty]) network?.dispose();
});

test("learns to classify ten pictures from scratch, also with the running statistics", () => {
  const random = createRandom(3);
  const network = createSmallCnn({ imageSize: 8, widths: [8, 10], momentum: 0.3 }, random);
  const optimizer = tf.train.adam(0.01);
  const pictures = tf.randomNormal<tf.Rank.R4>([10, 8, 8, 3], 0, 1, "float32", 5);
  const labels = tf.oneHot(tf.range(0, 10, 1, "int32"), 10);
  const loss = (batchStatistics: boolean) =>
    tf.losses.softmaxCrossEntropy(
      labels,
      network.encode(pictures, { batchStatistics }).pooled,
    ) as tf.Scalar;
  const first = tf.tidy(() => loss(true).dataSync()[0]!);
  for (let step = 0; step < 30; step++) optimizer.minimize(() => loss(true));
  const last = tf.tidy(() => loss(true).dataSync()[0]!);
  expect(first).toBeGreaterThan(1.5);
  expect(last).toBeLessThan(0.2);
  expect(tf.tidy(() => loss(false).dataSync()[0]!)).toBeLessThan(0.5);
  optimizer.dispose();
  tf.dispose([pictures, labels]);
  network.dispose();
});

test("a strided 1 x 1 convolution equals TensorFlow's, for even and odd sizes", () => {
  for (const imageSize of [8, 9]) {
    tf.tidy(() => {
      const network = createSmallCnn({ imageSize, widths: [4, 6] }, createRandom(2));
      const shortcut = network.blocks[1]?.shortcut;
      if (shortcut === undefined) throw new TypeError("the second stage has a shortcut");
      const input = tf.randomNormal<tf.Rank.R4>([2, imageSize, imageSize, 4], 0, 1, "float32", 7);
      const { kernel, bias } = shortcut.folded();
      const expected = tf.add(tf.conv2d(input, kernel, 2, "same"), bias);
      expectClose(shortcut.forward(input), expected, 1e-4);
      network.dispose();
    });
  }
});

// TensorFlow's own gradient of such a convolution corrupts memory, which ends the process.
test("trains on batches of different sizes", () => {
  const network = createSmallCnn({ imageSize: 24, widths: [8, 16] }, createRandom(1));
  const parameters = network.parameters().filter(({ trainable }) => trainable);
  for (let step = 0; step < 24; step++) {
    tf.tidy(() => {
      const images = tf.randomNormal<tf.Rank.R4>(
        [5 + (step % 4), 24, 24, 3],
        0,
        1,
        "float32",
        step,
      );
      const loss = () => tf.mean<tf.Scalar>(tf.square(network.encode(images).map));
      const { grads } = tf.variableGrads(loss, parameters);
      for (const gradient of Object.values(grads)) {
        expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
      }
    });
  }
  network.dispose();
});

test("reports each invalid field", () => {
  expect(() => createSmallCnn({ imageSize: 4, widths: [] })).toThrow(/imageSize.*widths/);
  // @ts-expect-error: no such field
  expect(() => createSmallCnn({ depth: 3 })).toThrow(/depth/);
});
