import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { crossEntropy, softCrossEntropy, symmetricDivergence } from "../src/index.ts";

interface Flat {
  shape: [number, number];
  values: number[];
}
const golden = loadGolden<{
  crossEntropy: {
    labelSmoothing: number;
    targets: number[];
    inputs: { logits: Flat };
    output: Flat;
    weights: Flat;
    gradients: { logits: Flat };
  }[];
}>(new URL("./golden/layers.golden.json", import.meta.url));

useEngine();

test.each(golden.crossEntropy)(
  "equals PyTorch with smoothing $labelSmoothing, forward and backward",
  async ({ labelSmoothing, targets, inputs, output, weights, gradients }) => {
    await expectNoLeak(() =>
      tf.tidy(() => {
        const logits = tf.tensor2d(inputs.logits.values, inputs.logits.shape);
        const ids = tf.tensor1d(targets, "int32");
        const loss = (x: tf.Tensor) =>
          crossEntropy(tf.reshape(x, inputs.logits.shape), ids, { labelSmoothing });
        expectClose(loss(logits).dataSync(), output.values);
        const weighted = (x: tf.Tensor) => tf.sum(tf.mul(loss(x), tf.tensor1d(weights.values)));
        expectClose(tf.grad(weighted)(logits).dataSync(), gradients.logits.values);
      }),
    );
  },
);

test("is ln V for equal logits, whatever the smoothing", () => {
  for (const labelSmoothing of [0, 0.1, 0.9]) {
    tf.tidy(() => {
      const targets = tf.tensor1d([0, 7, 99], "int32");
      const loss = crossEntropy(tf.zeros([3, 100]), targets, { labelSmoothing });
      expectClose(loss, Array(3).fill(Math.log(100)));
    });
  }
});

test("its gradient equals the numeric one", () => {
  const targets = tf.tensor1d([2, 0], "int32");
  checkGradient(
    (logits) => crossEntropy(tf.reshape(logits, [2, 4]), targets, { labelSmoothing: 0.2 }),
    [[2, 4]],
  );
  expect(targets.isDisposed).toBe(false);
  targets.dispose();
});

test("with several right answers, the loss is their mean, and its gradient the numeric one", async () => {
  const [logits, expected] = [tf.tensor2d([[1, 2, -1]]), tf.tensor2d([[0.25, 0.75, 0]])];
  const each = [0, 1].map((target) =>
    crossEntropy(logits, tf.tensor1d([target], "int32")).dataSync(),
  );
  const [first = NaN, second = NaN] = each.map(([loss]) => loss);
  expectClose(softCrossEntropy(logits, expected), [0.25 * first + 0.75 * second]);
  checkGradient((x) => softCrossEntropy(tf.reshape(x, [1, 3]), expected), [[1, 3]]);
  await expectNoLeak(() => softCrossEntropy(logits, expected).dispose());
});

test("the symmetric divergence is the mean of both Kullback-Leibler divergences", () => {
  const random = createRandom(1);
  const draw = () =>
    tf.tensor2d(
      Float32Array.from({ length: 15 }, () => random.normal()),
      [3, 5],
    );
  tf.tidy(() => {
    const [one, other] = [draw(), draw()];
    const [p, q] = [tf.softmax(one), tf.softmax(other)];
    const divergence = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.mul(a, tf.sub(tf.log(a), tf.log(b))), 1);
    const expected = tf.div(tf.add(divergence(p, q), divergence(q, p)), 2);
    expectClose(symmetricDivergence(one, other), expected, 1e-5);
    expectClose(symmetricDivergence(one, tf.add(one, 3)), [0, 0, 0], 1e-6);
  });
  checkGradient(
    (one, other) => symmetricDivergence(tf.reshape(one, [2, 4]), tf.reshape(other, [2, 4])),
    [
      [2, 4],
      [2, 4],
    ],
  );
});
