import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { GradientAccumulator, globalNorm } from "../src/gradients.ts";
import { Layer } from "./support/layer.ts";

interface Values {
  kernel: number[];
  bias: number[];
}
const golden = loadGolden<{
  start: Values;
  gradients: Values[];
  clipped: { clipNorm: number; norm: number; gradients: Values }[];
}>(new URL("./golden/optimizers.golden.json", import.meta.url));

useEngine();

/** A loss with a given gradient. */
function lossWithGradient(layer: Layer, { kernel, bias }: Values): tf.Scalar {
  return tf.add(
    tf.sum(tf.mul(layer.kernel, tf.tensor(kernel, [3, 4]))),
    tf.sum(tf.mul(layer.bias, tf.tensor(bias))),
  );
}

function trainedOf(layer: Layer) {
  return [...layer.namedParameters()].map(([name, parameter]) => ({
    name,
    parameter,
    learningRateScale: 1,
    weightDecay: 0,
  }));
}

test.each(golden.clipped)("clips to a norm of $clipNorm like torch", async (expected) => {
  await expectNoLeak(() => {
    const layer = new Layer(golden.start);
    const accumulator = new GradientAccumulator(trainedOf(layer), false);
    accumulator.add(() => ({ loss: lossWithGradient(layer, golden.gradients[0]!) }));
    const { gradients, gradientNorm } = accumulator.finish({ clipNorm: expected.clipNorm }, 1);
    expect(gradientNorm).toBeCloseTo(expected.norm, 4);
    expectClose(gradients.get("kernel")!.dataSync(), expected.gradients.kernel);
    expectClose(gradients.get("bias")!.dataSync(), expected.gradients.bias);
    tf.dispose([...gradients.values()]);
    layer.dispose();
  });
});

test.each([
  // The mean of two batches' gradients, of norms 5 and 0.5; the kernel's has 7 more zeros.
  [{}, [3, 0, -4, 0, 0], [0.3, 0, 0, 0.4]],
  [{ clipValue: 0.35 }, [0.35, 0, -0.35, 0, 0], [0.3, 0, 0, 0.35]],
  [{ clipParameterNorm: 1 }, [0.6, 0, -0.8, 0, 0], [0.3, 0, 0, 0.4]],
])("clips each parameter separately: %o", async (clipping, kernel, bias) => {
  await expectNoLeak(() => {
    const layer = new Layer(golden.start);
    const accumulator = new GradientAccumulator(trainedOf(layer), true);
    const zeros = Array(7).fill(0);
    const gradient = { kernel: [3, 0, -4, 0, 0, ...zeros], bias: [0.3, 0, 0, 0.4] };
    for (const items of [1, 3]) {
      accumulator.add(() => ({ loss: lossWithGradient(layer, gradient), items }));
    }
    const { gradients, gradientNorm } = accumulator.finish(clipping, 1);
    expect(gradientNorm).toBeCloseTo(Math.hypot(5, 0.5), 5);
    expectClose(gradients.get("kernel")!.dataSync(), [...kernel, ...zeros]);
    expectClose(gradients.get("bias")!.dataSync(), bias);
    tf.dispose([...gradients.values()]);
    layer.dispose();
  });
});

test("a gradient of zero stays zero if its norm is clipped", () => {
  const layer = new Layer(golden.start);
  const accumulator = new GradientAccumulator(trainedOf(layer), false);
  accumulator.add(() => ({ loss: tf.mul(tf.sum(layer.bias), 0) }));
  const { gradients } = accumulator.finish({ clipParameterNorm: 1 }, 1);
  expectClose(gradients.get("bias")!, [0, 0, 0, 0], 0);
  tf.dispose([...gradients.values()]);
  layer.dispose();
});

test("weights losses, metrics and gradients by their batches' items", () => {
  const layer = new Layer(golden.start);
  const accumulator = new GradientAccumulator(trainedOf(layer), true);
  for (const [i, items] of [1, 3].entries()) {
    accumulator.add(() => ({
      loss: tf.mul(tf.sum(layer.bias), i),
      items,
      metrics: { index: tf.scalar(i) },
    }));
  }
  const { gradients, loss, metrics, items } = accumulator.finish({}, 1);
  const sum = golden.start.bias.reduce((total, value) => total + value, 0);
  expect(items).toBe(4);
  expect(metrics).toEqual({ index: 0.75 });
  expect(loss).toBeCloseTo(0.75 * sum, 5);
  expect([...gradients.keys()]).toEqual(["bias"]);
  expectClose(gradients.get("bias")!, [0.75, 0.75, 0.75, 0.75]);
  tf.dispose([...gradients.values()]);
  layer.dispose();
});

test("the global norm is over all elements of all tensors", () => {
  const tensors = [tf.tensor([3]), tf.zeros([2, 2]), tf.tensor([[-4]])];
  expect(globalNorm(tensors)).toBeCloseTo(5, 6);
  expect(globalNorm([])).toBe(0);
  tf.dispose(tensors);
});

test("names a gradient that is not finite even if the loss is", async () => {
  await expectNoLeak(() => {
    const layer = new Layer(golden.start);
    const accumulator = new GradientAccumulator(trainedOf(layer), false);
    // The square root's slope at 0 is infinite.
    accumulator.add(() => ({
      loss: tf.add(tf.sum(layer.kernel), tf.sum(tf.sqrt(tf.mul(layer.bias, 0)))),
    }));
    expect(() => accumulator.finish({ clipNorm: 1 }, 17)).toThrow(
      /^step 17: the loss is -?[\d.]+ and the first parameter with a gradient that is not finite is bias;/,
    );
    accumulator.dispose();
    layer.dispose();
  });
});
