import { beforeAll, describe, expect, it } from "vitest";
import { loadNative } from "../src/engines/native.ts";
import { loadWasm } from "../src/engines/wasm.ts";
import { createRandom, tf } from "../src/index.ts";

/**
 * The operations that captioning uses; each must have the same value and gradient on each engine.
 */
const operations: Record<string, { shape: number[]; run: (x: tf.Tensor) => tf.Tensor }> = {
  "add, broadcast": { shape: [4, 5], run: (x) => tf.add(x, tf.linspace(0, 1, 5)) },
  "div, broadcast": { shape: [4, 5], run: (x) => tf.div(1, tf.add(tf.square(x), 1)) },
  batchNorm: {
    shape: [2, 3, 3, 4],
    run: (x) => tf.batchNorm(x, tf.zeros([4]), tf.fill([4], 2), tf.ones([4]), tf.fill([4], 3)),
  },
  "batch matMul": { shape: [3, 4, 5], run: (x) => tf.matMul(x, x, false, true) },
  clipByValue: { shape: [4, 5], run: (x) => tf.clipByValue(x, -0.5, 0.5) },
  "concat and split": {
    shape: [4, 6],
    run: (x) => tf.concat(tf.split(x, 3, 1).reverse(), 1),
  },
  cumsum: { shape: [4, 5], run: (x) => tf.cumsum(x, 1) },
  exp: { shape: [4, 5], run: (x) => tf.exp(x) },
  "fused conv2d": {
    shape: [2, 6, 6, 3],
    run: (x) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: tf.fill([3, 3, 3, 4], 0.1),
        strides: 1,
        pad: "same",
        bias: tf.linspace(-1, 1, 4),
        activation: "relu6",
      }),
  },
  "fused matMul": {
    shape: [4, 5],
    run: (x) =>
      tf.fused.matMul({
        a: x as tf.Tensor2D,
        b: tf.reshape(tf.linspace(-1, 1, 15), [5, 3]),
        bias: tf.linspace(0, 1, 3),
        activation: "relu",
      }),
  },
  gather: { shape: [6, 3], run: (x) => tf.gather(x, tf.tensor1d([5, 1, 1, 0], "int32")) },
  "global pooling": { shape: [2, 4, 4, 3], run: (x) => tf.mean(x, [1, 2]) },
  log: { shape: [4, 5], run: (x) => tf.log(tf.add(tf.abs(x), 0.5)) },
  logSoftmax: { shape: [4, 7], run: (x) => tf.logSoftmax(x as tf.Tensor2D) },
  logSumExp: { shape: [4, 7], run: (x) => tf.logSumExp(x, 1) },
  max: { shape: [4, 7], run: (x) => tf.max(x, 1) },
  maxPool: { shape: [2, 6, 6, 3], run: (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, "same") },
  avgPool: { shape: [2, 6, 6, 3], run: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid") },
  moments: {
    shape: [4, 6],
    run: (x) => {
      const { mean, variance } = tf.moments(x, 1, true);
      return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
    },
  },
  pad: {
    shape: [3, 4],
    run: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        7,
      ),
  },
  relu: { shape: [4, 5], run: (x) => tf.relu(x) },
  relu6: { shape: [4, 5], run: (x) => tf.relu6(tf.mul(x, 5)) },
  resizeBilinear: {
    shape: [1, 4, 4, 2],
    run: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 5], false, true),
  },
  sigmoid: { shape: [4, 5], run: (x) => tf.sigmoid(x) },
  slice: { shape: [4, 5, 3], run: (x) => tf.slice(x, [1, 2, 0], [2, -1, 2]) },
  softmax: { shape: [4, 7], run: (x) => tf.softmax(x as tf.Tensor2D) },
  softplus: { shape: [4, 5], run: (x) => tf.softplus(x) },
  sqrt: { shape: [4, 5], run: (x) => tf.sqrt(tf.add(tf.abs(x), 1)) },
  "stack and unstack": { shape: [3, 4, 2], run: (x) => tf.stack(tf.unstack(x, 1)) },
  "sum over the first axis": { shape: [6, 3], run: (x) => tf.sum(x, 0) },
  tanh: { shape: [4, 5], run: (x) => tf.tanh(x) },
  tile: { shape: [2, 3], run: (x) => tf.tile(x, [2, 2]) },
  transpose: { shape: [2, 3, 4], run: (x) => tf.transpose(x, [2, 0, 1]) },
  where: {
    shape: [4, 5],
    run: (x) => tf.where([true, false, true, false, false], x, tf.square(x)),
  },
};

/** Operations without a gradient: only values are compared. */
const discrete: Record<string, (x: tf.Tensor2D) => tf.Tensor> = {
  argMax: (x) => tf.argMax(x, 1),
  oneHot: (x) => tf.oneHot(tf.argMax(x, 1), 6),
  "topk indices": (x) => tf.topk(x, 3).indices,
  "topk values": (x) => tf.topk(x, 3).values,
  "where, by comparison": (x) => tf.where(tf.greater(x, 0), x, tf.mul(x, 0.1)),
  comparisons: (x) => tf.logicalAnd(tf.greaterEqual(x, 0), tf.notEqual(x, 1)),
  "cast to int32": (x) => tf.cast(tf.mul(x, 10), "int32"),
  "gather of int32": (x) => tf.gather(tf.cast(tf.mul(x, 10), "int32"), [2, 0, 2]),
  range: () => tf.range(0, 7, 1, "int32"),
};

describe.skipIf(process.env["ATTEND_ENGINE"] !== "native")("native and wasm agree", () => {
  beforeAll(async () => {
    loadNative("exact");
    await loadWasm();
  });

  /** The tensors that `make` returns on one engine, as numbers. */
  function on(backend: "tensorflow" | "wasm", make: () => tf.Tensor[]): number[][] {
    tf.setBackend(backend);
    return tf.tidy(() => make().map((tensor) => [...tensor.shape, ...tensor.dataSync()]));
  }

  function expectAgreement(make: () => tf.Tensor[]): void {
    const native = on("tensorflow", make);
    const wasm = on("wasm", make);
    native.forEach((numbers, output) => {
      expect(wasm[output]).toHaveLength(numbers.length);
      numbers.forEach((number, i) => {
        expect(Math.abs((wasm[output]?.[i] ?? Number.NaN) - number)).toBeLessThan(
          1e-5 * (1 + Math.abs(number)),
        );
      });
    });
  }

  function input(shape: number[]): tf.Tensor {
    const random = createRandom(3);
    const values = Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal());
    return tf.tensor(values, shape, "float32");
  }

  it.each(Object.entries(operations))("%s", (_, { shape, run }) => {
    expectAgreement(() => {
      const x = input(shape);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => tf.sum(tf.mul(run(x), run(x))))(x);
      return [run(x), value, grad];
    });
  });

  it.each(Object.entries(discrete))("%s", (_, run) => {
    expectAgreement(() => [run(input([4, 6]) as tf.Tensor2D)]);
  });
});
