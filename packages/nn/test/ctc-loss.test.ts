import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { ctcLoss, ctcSteps } from "../src/index.ts";

interface Case {
  labels: number[][];
  lengths: number[];
  shape: [number, number, number];
  blank: number;
  logits: number[];
  weights: number[];
  losses: number[];
  gradient: number[];
}
const golden = loadGolden<Case[]>(new URL("./golden/ctc.golden.json", import.meta.url));

useEngine();

test.each(golden)("equals PyTorch with the labels $labels", async (each) => {
  const { labels, lengths, shape, blank } = each;
  await expectNoLeak(() =>
    tf.tidy(() => {
      const logits = tf.tensor3d(each.logits, shape);
      const loss = (x: tf.Tensor) => ctcLoss(tf.reshape(x, shape), labels, { lengths, blank });
      expectClose(loss(logits).dataSync(), each.losses, 1e-5);
      const weighted = (x: tf.Tensor) => tf.sum(tf.mul(loss(x), tf.tensor1d(each.weights)));
      expectClose(tf.grad(weighted)(logits).dataSync(), each.gradient, 1e-5);
    }),
  );
});

describe("on short sequences", () => {
  const [steps, classes] = [4, 3];
  const random = createRandom(3);
  const values = Float32Array.from({ length: steps * classes }, () => random.normal());
  const lossOf = (labels: number[]) =>
    tf.tidy(() => ctcLoss(tf.tensor3d(values, [1, steps, classes]), [labels]).dataSync()[0]);

  test("is the sum over all alignments that spell the labels, and all labels add up to 1", () => {
    const probabilities = tf.tidy(() =>
      tf.softmax(tf.tensor2d(values, [steps, classes])).dataSync(),
    );
    const byLabels = new Map<string, number>();
    for (let alignment = 0; alignment < classes ** steps; alignment++) {
      const path = Array.from(
        { length: steps },
        (_, t) => Math.floor(alignment / classes ** t) % classes,
      );
      const spelled = path.filter((each, t) => each !== 2 && each !== path[t - 1]).join();
      const probability = path.reduce(
        (product, each, t) => product * (probabilities[t * classes + each] ?? 0),
        1,
      );
      byLabels.set(spelled, (byLabels.get(spelled) ?? 0) + probability);
    }
    for (const [spelled, probability] of byLabels) {
      const labels = spelled === "" ? [] : spelled.split(",").map(Number);
      expect(lossOf(labels), spelled).toBeCloseTo(-Math.log(probability), 5);
    }
    expect(byLabels.size).toBeGreaterThan(10);
  });

  test("the gradient equals the numeric one, and is zero past the length", () => {
    const lengths = [3, 4];
    const f = (x: tf.Tensor) =>
      ctcLoss(tf.reshape(x, [2, steps, classes]), [[1], [0, 0]], { lengths });
    checkGradient(f, [[2, steps, classes]]);
    tf.tidy(() => {
      const gradient = tf
        .grad(f)(tf.zeros([2, steps, classes]))
        .dataSync();
      expect([...gradient.slice(3 * classes, 4 * classes)]).toEqual([0, 0, 0]);
    });
  });
});

test("logits far apart give no NaN", () => {
  tf.tidy(() => {
    const logits = tf.tensor3d([200, -200, -200, -200, 200, -200], [1, 2, 3]);
    expectClose(ctcLoss(logits, [[0, 1]]), [0], 1e-5);
    expectClose(ctcLoss(logits, [[0]]), [400 - Math.LN2], 1e-3);
    const gradient = tf
      .grad((x) => ctcLoss(tf.reshape(x, [1, 2, 3]), [[0]]))(logits)
      .dataSync();
    expect([...gradient].every(Number.isFinite)).toBe(true);
  });
});

test("labels need a step each, and one between equal ones", () => {
  expect([[], [1], [1, 2], [1, 1], [2, 2, 2]].map(ctcSteps)).toEqual([0, 1, 2, 3, 5]);
});

test.each([
  [[[1, 1]], {}, "sequence 0 has 2 steps, but its labels need 3"],
  [[[1], [0]], {}, "labels of 2 sequences for a batch of 1"],
  [[[1]], { lengths: [2, 2] }, "and 2 lengths for a batch of 1"],
  [[[1]], { lengths: [3] }, "length 3 of sequence 0"],
  [[[2]], {}, "label 2 of sequence 0"],
  [[[3]], {}, "label 3 of sequence 0"],
  [[[1]], { blank: 3 }, "blank is 3"],
])("rejects labels %j with %j", (labels, options, message) => {
  tf.tidy(() => {
    const logits = tf.zeros<tf.Rank.R3>([1, 2, 3]);
    expect(() => ctcLoss(logits, labels, options)).toThrow(message);
  });
});
